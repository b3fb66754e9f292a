import { WAYS, type Way } from "./caller.ts";
import type { Ledger } from "./ledger.ts";
import type { Plan, PlannedCalls, PlannedRequest } from "./plan.ts";
import { type Door, openDoor, type Sending, toldFor } from "./send.ts";
import type { TrafficStage } from "./traffic-stage.ts";

/** At a moment of its own: somebody who takes part in it, such as one who kills a node. */
export interface Interlude {
  readonly daysAgo: number;
  readonly hour: number;
  begin(stage: TrafficStage): Promise<{
    /** Where verifiers are told that nodes are. */
    readonly urls: readonly string[];
    /** Returns once enough has come of the first half of the requests. */
    afterHalf(): Promise<void>;
    /** What is done while the other half is sent. */
    whileCalled(): Promise<void>;
    /** Once no verifier is left. */
    end(): Promise<void>;
  }>;
}

/** So many requests of one key are sent one after the other; of more, several at a time. */
const FEW = 300;
const LANES = 12;

/**
 * Lives through the plan. Throws where a request gets another answer than the ledger says, and where not everything is recorded.
 * Answers about time are told by moments, because each lasts a while.
 */
export async function drive(stage: TrafficStage, plan: Plan, ledger: Ledger, interludes: readonly Interlude[] = []) {
  const acts = plan.acts.map((act) => ({ at: act.at, run: () => stage.carryOut(act) }));
  const calls = plan.calls.map((call) => ({
    at: call.moment.at,
    run: () => carryOutCalls(stage, call, ledger, interludes),
  }));
  for (const { at, run } of [...acts, ...calls].toSorted((a, b) => a.at - b.at)) {
    await stage.moveTo(at);
    await run();
  }
}

async function carryOutCalls(
  stage: TrafficStage,
  { moment, requests, forged }: PlannedCalls,
  ledger: Ledger,
  interludes: readonly Interlude[],
): Promise<void> {
  if (requests.length === 0 && forged.count === 0) return;
  const due = interludes.find(({ daysAgo, hour }) => daysAgo === moment.daysAgo && hour === moment.hour);
  const interlude = await due?.begin(stage);
  const urls = interlude?.urls ?? stage.nodes.map((node) => node.url);
  const sending: Sending = { ...stage, urls, url: stage.nodes.at(-1)?.url ?? "" };
  const ways = WAYS.filter((way) => requests.some(({ habit }) => habit.way === way) || way === "express");
  const doors = new Map(await Promise.all(ways.map(async (way) => [way, await openDoor(way, sending)] as const)));
  const send = (some: readonly PlannedRequest[]): Promise<unknown> => {
    const byWay = Map.groupBy(some, ({ habit }) => habit.way);
    return Promise.all([...doors].map(([way, door]) => sendAll(way, door, byWay.get(way) ?? [], ledger)));
  };
  const [first, second] = interlude === undefined ? [requests, []] : halves(requests);
  await send(first);
  await interlude?.afterHalf();
  await Promise.all([send(second), interlude?.whileCalled()]);
  await doors.get("express")?.forge?.(forged.count, forged.from.ip).then(refusedAll);
  await Promise.all([...doors.values()].map((door) => door.close()));
  await interlude?.end();
  // Nodes record what they were asked themselves a while later, and verifiers may hand on to them; another day would be its day.
  await stage.untilRecorded(ledger.requests(({ at }) => at <= moment.at));
}

/** Half of the requests of each key, and the other half. */
function halves(requests: readonly PlannedRequest[]): [PlannedRequest[], PlannedRequest[]] {
  const byCaller = [...Map.groupBy(requests, ({ caller }) => caller).values()];
  return [
    byCaller.flatMap((those) => those.slice(0, Math.ceil(those.length / 2))),
    byCaller.flatMap((those) => those.slice(Math.ceil(those.length / 2))),
  ];
}

async function sendAll(way: Way, door: Door, requests: readonly PlannedRequest[], ledger: Ledger): Promise<void> {
  const lanes = [...Map.groupBy(requests, ({ caller }) => caller).values()].flatMap(lanesOf);
  await Promise.all(
    lanes.map(async (lane) => {
      const told = await door.send(lane);
      for (const [index, request] of lane.entries()) {
        const expected = toldFor(way, ledger.outcomes.get(request) ?? "VALID");
        if (told[index] !== expected) throw new TypeError(`${nameOf(request)} got ${told[index]}, not ${expected}`);
      }
    }),
  );
}

function lanesOf(requests: readonly PlannedRequest[]): PlannedRequest[][] {
  if (requests.length <= FEW) return [[...requests]];
  const size = Math.ceil(requests.length / LANES);
  return Array.from({ length: LANES }, (_, lane) => requests.slice(lane * size, (lane + 1) * size));
}

function nameOf({ caller, habit, n }: PlannedRequest): string {
  return `request ${n} of "${caller.name}", ${habit.method} ${habit.path(n)} by ${habit.way}`;
}

function refusedAll(statuses: readonly (string | number)[]): void {
  if (statuses.some((status) => status !== 401)) throw new TypeError(`a made-up key got ${statuses.join(" ")}`);
}
