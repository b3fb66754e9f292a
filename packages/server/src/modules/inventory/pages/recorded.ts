import type { Tx } from "../../../db/index.ts";
import { type LossRow, selectLosses, selectSenders } from "../queries/recorded.ts";
import { counted, momentOf } from "./words.ts";

const DAY_MS = 86_400_000;
const LOOKED_BACK_DAYS = 30;
/** So far behind, in milliseconds, counts are while nothing is wrong. */
const USUAL_MS = 60_000;

/** Until when uses are counted, and which are missing in all counts; in words as well. */
export async function recordedOf(tx: Tx, now: Date) {
  const { until, nodes, gone } = await selectSenders(tx);
  const losses = together([...(await selectLosses(tx, new Date(now.getTime() - LOOKED_BACK_DAYS * DAY_MS))), ...gone]);
  const since = losses.reduce<Date | null>(
    (first, { firstAt }) => (first === null || firstAt < first ? firstAt : first),
    null,
  );
  return {
    until: until?.toISOString() ?? null,
    why: recordedWords(until, nodes, losses, now),
    lost: {
      since: since?.toISOString() ?? null,
      requests: Math.min(
        losses.reduce((sum, { requests }) => sum + requests, 0),
        Number.MAX_SAFE_INTEGER,
      ),
      paths: losses.map((loss) => ({
        path: loss.path,
        requests: isGone(loss) ? null : loss.requests,
        times: loss.times,
        firstAt: loss.firstAt.toISOString(),
        lastAt: loss.lastAt.toISOString(),
        why: lossWords(loss),
      })),
    },
  };
}

/** Those of one path as one, the latest first. */
function together(losses: readonly LossRow[]): LossRow[] {
  const paths = [...Map.groupBy(losses, ({ path }) => path)].map(([path, those]) => ({
    path,
    requests: those.reduce((sum, { requests }) => sum + requests, 0),
    times: those.reduce((sum, { times }) => sum + times, 0),
    firstAt: new Date(Math.min(...those.map(({ firstAt }) => firstAt.getTime()))),
    lastAt: new Date(Math.max(...those.map(({ lastAt }) => lastAt.getTime()))),
  }));
  return paths.sort((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
}

const isGone = ({ path }: LossRow): boolean => path === "verifier-gone" || path === "node-gone";

function recordedWords(until: Date | null, nodes: number, losses: readonly LossRow[], now: Date): string {
  const missing =
    losses.length === 0 ? "nothing is known to be missing" : "but for what is missing by the paths beside this";
  if (until === null) return `No node has told yet what it has written; of before, ${missing}.`;
  const late = now.getTime() - until.getTime() > USUAL_MS;
  const of = nodes === 1 ? "The node that runs has" : `The ${nodes} nodes that run have`;
  const told = `${of} written down all that came in until ${momentOf(until)}; ${missing}.`;
  return late
    ? `${told} What came later waits, as while the database is away, and is counted once it is written.`
    : told;
}

function lossWords({ path, requests, times, firstAt, lastAt }: LossRow): string {
  const between = `between ${momentOf(firstAt)} and ${momentOf(lastAt)}`;
  switch (path) {
    case "verifier":
      return `${counted(requests, "verification")} had no room in a verifier, or were given up by it; noted ${between}.`;
    case "node":
      return `${counted(requests, "verification")} had no room in a node; noted ${between}.`;
    case "unwritable":
      return `${counted(requests, "verification")} cannot be written by the database; noted ${between}. The log has the error.`;
    case "verifier-gone":
      return `${counted(times, "verifier")} went away ${between} without handing over: what each saw in its last second may be missing, or all that it kept while no node took it.`;
    case "node-gone":
      return `${counted(times, "node")} went away ${between} without handing over: what each verified itself in its last second may be missing, or all that waited while the database was away. What verifiers sent they send again.`;
  }
  return path satisfies never;
}
