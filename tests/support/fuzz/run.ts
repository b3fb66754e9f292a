import type { SeededRandom } from "@claviger/testkit";
import { anyCase, type Case, type Ground } from "./cases.ts";
import { faultOf, isAccepted } from "./judge.ts";
import { askAlone, Pipeline, type Told } from "./wire.ts";

/** Connections that carry many requests each, and requests under way on each of them. */
const PIPELINES = 6;
const DEPTH = 16;
/** After so many cases it is asked about the one key that must go on being accepted. */
const SENTINEL_EVERY = 40;
const MOST_FINDINGS = 10;

export interface FuzzResult {
  /** How often each came, by `kind`, by `kind status`, and by `operation status`. */
  readonly counts: ReadonlyMap<string, number>;
  /** How often the key that nothing may touch was asked about, and accepted. */
  readonly sentinels: number;
  /** What should not be, each with the request that shows it; at most ten. */
  readonly findings: readonly string[];
}

/** Sends so many cases and judges what comes back. Ends early where enough was found. */
export async function fuzz(cases: number, random: SeededRandom, ground: Ground): Promise<FuzzResult> {
  const url = new URL(`http://${ground.host}`);
  const counts = new Map<string, number>();
  const findings: string[] = [];
  const state = { left: cases, sentinels: 0 };
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

  const judge = (each: Case, told: Told): void => {
    const status = typeof told === "string" ? told : told.status;
    for (const name of [each.kind, `${each.kind} ${status}`, `${each.operation.id} ${status}`]) count(name);
    const fault = faultOf(each, told, ground);
    if (fault !== null) findings.push(`${fault}\n${JSON.stringify(each.request.slice(0, 2000))}\n${shown(told)}`);
  };
  const sentinel = async (pipeline: Pipeline): Promise<void> => {
    const told = await pipeline.ask(sentinelRequest(ground));
    // A neighbour on the connection may have had it closed; asked alone, it is answered.
    const [sure] = told === "closed" ? await askAlone(url, sentinelRequest(ground), true) : [told];
    if (isAccepted(sure, ground)) state.sentinels += 1;
    else findings.push(`the key that must be accepted was not: ${shown(sure)}`);
  };
  const slot = async (lane: { pipeline: Pipeline }): Promise<void> => {
    while (state.left > 0 && findings.length < MOST_FINDINGS) {
      const number = state.left;
      state.left -= 1;
      const each = anyCase(random, ground);
      const told: Told = each.framed ? await lane.pipeline.ask(each.request) : "closed";
      const all = told === "closed" ? await askAlone(url, each.request, each.framed) : [told];
      for (const one of all) judge(each, one);
      if (!lane.pipeline.open) lane.pipeline = new Pipeline(url);
      if (number % SENTINEL_EVERY === 0) await sentinel(lane.pipeline);
    }
  };
  await Promise.all(
    Array.from({ length: PIPELINES }, async () => {
      const lane = { pipeline: new Pipeline(url) };
      await Promise.all(Array.from({ length: DEPTH }, () => slot(lane)));
      lane.pipeline.finish();
    }),
  );
  return { counts, sentinels: state.sentinels, findings: findings.slice(0, MOST_FINDINGS) };
}

function shown(told: Told | undefined): string {
  return typeof told === "object" ? `${told.status} ${told.text.slice(0, 500)}` : String(told);
}

function sentinelRequest({ host, verifier, mine }: Ground): string {
  const body = JSON.stringify({ key: mine.secret, environment: "live" });
  const head = ["POST /v1/verify HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${verifier}`];
  return `${head.join("\r\n")}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
