import type { Tx } from "../../db/index.ts";
import { keysById, ownerOf, statusOf } from "../keys/index.ts";
import {
  type CallerRow,
  callerPartsOf,
  callersOf,
  knownUntil,
  type PartRow,
  usesOfKeys,
  writtenOf,
} from "../traffic/index.ts";
import {
  type Caller,
  MOST_ROUTES,
  type OwnKey,
  type Progress,
  progressOf,
  type SeenGroup,
  type Split,
  type Standing,
  standingOf,
} from "./split.ts";
import { selectCallers } from "./splits.store.ts";

const DAY_MS = 86_400_000;
/** As counts write it. */
const OTHERS = "*";

/** Where a look at traffic begins that finds all callers. */
export const wholeWindow = ({ days }: Pick<Split, "days">, now: number): Date => new Date(now - days * DAY_MS);

export interface SeenTraffic {
  readonly groups: readonly SeenGroup[];
  /** Since when single requests were looked at: the latest, where there are too many. Of what came before, counts were. */
  readonly since: Date;
  /** When somebody was seen last who is not told apart in counts either; null: nobody. */
  readonly unlistedAt: Date | null;
}

/** Who used the key since then. Of a key that is used millions of times the look takes seconds: to be done where nothing is held. */
export async function lookAt(tx: Tx, key: string, since: Date, lookedAt?: number): Promise<SeenTraffic> {
  const { rows, cutAt } = await callersOf(tx, key, since, lookedAt);
  const together = Map.groupBy(rows, ({ service, network, agent }) => JSON.stringify([service, network, agent]));
  const groups = [...together.values()].map(groupOf);
  if (cutAt === null) return { groups, since, unlistedAt: null };
  const parts = await callerPartsOf(tx, key, since);
  const others = parts.find(({ value }) => value === OTHERS)?.lastAt ?? null;
  return { groups: [...groups, ...unseen(groups, parts)], since: cutAt, unlistedAt: others };
}

/** Parts of callers that are in counts and not among the latest requests: who calls so seldom is told by them alone. */
function unseen(groups: readonly SeenGroup[], parts: readonly PartRow[]): SeenGroup[] {
  const seen = {
    network: new Set(groups.map(({ network }) => network)),
    agent: new Set(groups.map(({ agent }) => agent)),
  };
  return parts.flatMap(({ kind, value, ...part }) =>
    value === OTHERS || seen[kind].has(value)
      ? []
      : [{ ...{ service: null, network: null, agent: null }, [kind]: value, ...part, routes: [], part: true }],
  );
}

/** Of one group: rows that differ in the route alone. */
function groupOf(rows: readonly CallerRow[]): SeenGroup {
  const { service = null, network = null, agent = null } = rows[0] ?? {};
  const at = (edge: "firstAt" | "lastAt", of: (...times: number[]) => number): Date =>
    new Date(of(...rows.map((row) => row[edge].getTime())));
  return {
    ...{ service, network, agent, firstAt: at("firstAt", Math.min), lastAt: at("lastAt", Math.max) },
    requests: rows.reduce((sum, row) => sum + row.requests, 0),
    routes: rows.slice(0, MOST_ROUTES).map(({ method, route }) => ({ method, route })),
  };
}

export interface Seen {
  readonly split: Split;
  readonly callers: readonly SeenCaller[];
  readonly lastUsedAt: Date | null;
  readonly standing: Standing;
  readonly databaseNow: Date;
}

export interface SeenCaller extends Caller {
  readonly progress: Progress;
  readonly own: (OwnKey & { readonly owner: string | null; readonly lastUsedAt: Date | null }) | null;
}

/** How a split stands, by what is known of its callers, of their keys and of the shared one. `now` in milliseconds since the epoch. */
export async function see(tx: Tx, split: Split, now: number, callers?: readonly Caller[]): Promise<Seen> {
  const known = callers ?? (await selectCallers(tx, split.id));
  const written = await writtenOf(tx);
  // Who has moved is not told by a clock that runs ahead.
  const time = Math.min(now, written.databaseNow.getTime());
  const ids = known.flatMap(({ key }) => key ?? []);
  const keys = new Map((await keysById(tx, ids)).map((key) => [key.id, key]));
  const uses = new Map((await usesOfKeys(tx, [split.key, ...ids])).map((use) => [use.key, use]));
  const seen = known.map((caller): SeenCaller => {
    const key = caller.key === null ? undefined : keys.get(caller.key);
    const use = caller.key === null ? undefined : uses.get(caller.key);
    const own =
      key === undefined
        ? null
        : {
            requested: key.kind === "requested",
            lives: !["revoked", "expired", "suspended"].includes(statusOf(key, now)),
            ...{ owner: ownerOf(key), firstUsedAt: use?.firstUsedAt ?? null, lastUsedAt: use?.lastUsedAt ?? null },
          };
    return { ...caller, own, progress: progressOf(caller, own, split.quietHours, time) };
  });
  const lastUsedAt = uses.get(split.key)?.lastUsedAt ?? null;
  const standing = standingOf(split, seen, lastUsedAt, knownUntil(written, now));
  return { split, callers: seen, lastUsedAt, standing, databaseNow: written.databaseNow };
}
