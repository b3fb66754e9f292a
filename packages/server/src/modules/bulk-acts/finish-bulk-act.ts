import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Effective, Unit } from "../../kernel/act.ts";
import { actOnKeys, type KeyOutcome } from "../keys/index.ts";
import { accountOf, type BulkAct } from "./bulk-act.ts";
import { findBulkAct, saveProgress, selectNextKeys } from "./bulk-acts.store.ts";
import type { BulkActPorts } from "./ports.ts";

/** Keys of one unit of work: a larger one is hardly quicker, and holds its locks for longer. */
const CHUNK = 1_000;

export type RunPorts = Pick<BulkActPorts, "act" | "database" | "clock">;

export interface FinishedBulkAct {
  readonly bulk: BulkAct;
  /** Null while it is running. */
  readonly effective: Effective | null;
}

/**
 * Goes on with an act for so many milliseconds, or to its end, which is answered once all that it took away is in force, whoever took
 * it. Several at once share the work. Throws NOT_FOUND, and BARRIER_UNCONFIRMED, after which it may be gone on with.
 */
export async function finishBulkAct(
  ports: RunPorts,
  { actor, source }: Pick<Acting<unknown>, "actor" | "source">,
  id: string,
  withinMs: number,
): Promise<FinishedBulkAct> {
  const until = ports.clock.mono() + withinMs;
  let at: FinishedBulkAct = { bulk: await requireBulkAct(ports, id), effective: null };
  while (at.bulk.finishedAt === null && ports.clock.mono() < until) at = await takeChunk(ports, at.bulk);
  if (at.bulk.finishedAt === null || at.effective !== null) return at;
  // It was over before, or its last keys were so already: what others did of it is waited for.
  const { effective } = await ports.act({ actor, source }, PLATFORM, async (unit) => unit.foundDone());
  return { bulk: at.bulk, effective };
}

/** Goes on with an act for so many milliseconds, as long as nobody else is at it. */
export async function goOnWith(ports: RunPorts, id: string, withinMs: number): Promise<void> {
  const until = ports.clock.mono() + withinMs;
  while (ports.clock.mono() < until) {
    // Where somebody else holds it there is nothing to do, and so nothing to wait for.
    const free = await ports.database.transaction(PLATFORM, (tx) => findBulkAct(tx, id, "skip"));
    if (free === null || free.finishedAt !== null) return;
    await takeChunk(ports, free);
  }
}

async function requireBulkAct({ database }: RunPorts, id: string): Promise<BulkAct> {
  const bulk = await database.transaction(PLATFORM, (tx) => findBulkAct(tx, id));
  if (bulk === null) throw new ClavigerError("NOT_FOUND");
  return bulk;
}

/**
 * One unit of work: the next keys, with their audit events, one change for all of them, and one barrier. Chunks commit one after
 * another, so the barrier of the last one is that of all; `effective` is null before, and where the last one had nothing to change.
 */
async function takeChunk(ports: RunPorts, { id, actor, source }: BulkAct): Promise<FinishedBulkAct> {
  const { value: bulk, effective } = await ports.act({ actor, source }, PLATFORM, async (unit) => {
    const found = await findBulkAct(unit.tx, id, "hold");
    if (found === null) throw new ClavigerError("NOT_FOUND");
    if (found.finishedAt === null) return step(unit, found);
    unit.foundDone();
    return found;
  });
  if (bulk === null) throw new TypeError("a chunk is no replay");
  return { bulk, effective: bulk.finishedAt === null ? null : effective };
}

async function step(unit: Unit, bulk: BulkAct): Promise<BulkAct> {
  const keys = await selectNextKeys(unit.tx, bulk, CHUNK);
  const outcomes = await actOnKeys(unit, keys, bulk.act);
  const told = keys.map((key, index) => ({ place: bulk.acted + index + 1, outcome: outcomes.get(key) ?? "unknown" }));
  const acted = bulk.acted + keys.length;
  const finished = acted >= bulk.keys;
  const after: BulkAct = {
    ...{ ...bulk, acted, outcomes: sumOf(bulk.outcomes, told) },
    ...{ updatedAt: unit.now, finishedAt: finished ? unit.now : null },
  };
  await saveProgress(unit.tx, after, told);
  if (finished) recordFinished(unit, after);
  else if (told.every(({ outcome }) => outcome !== "done")) unit.foundDone();
  return after;
}

function recordFinished(unit: Unit, bulk: BulkAct): void {
  const { id, act, keys, outcomes } = bulk;
  unit.audits({
    action: "bulk-act.finished",
    account: accountOf(bulk),
    target: { type: "bulk-act", id },
    after: { kind: act.kind, keys, outcomes },
  });
  unit.emits({ type: "bulk-act.finished", account: accountOf(bulk), payload: { bulkAct: id, outcomes } });
}

function sumOf(
  before: BulkAct["outcomes"],
  told: readonly { readonly outcome: KeyOutcome }[],
): Readonly<Partial<Record<KeyOutcome, number>>> {
  const sum = { ...before };
  for (const { outcome } of told) sum[outcome] = (sum[outcome] ?? 0) + 1;
  return sum;
}
