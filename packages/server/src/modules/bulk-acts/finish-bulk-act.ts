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
 * Goes on with an act for so many milliseconds, or to its end; then waits until everything that it took away is in force. Several at
 * once share the work. Throws NOT_FOUND, and BARRIER_UNCONFIRMED, after which it may be gone on with.
 */
export async function finishBulkAct(
  ports: RunPorts,
  { actor, source }: Pick<Acting<unknown>, "actor" | "source">,
  id: string,
  withinMs: number,
): Promise<FinishedBulkAct> {
  const until = ports.clock.mono() + withinMs;
  let bulk = await requireBulkAct(ports, id);
  while (bulk.finishedAt === null && ports.clock.mono() < until) {
    await takeChunk(ports, bulk, "hold");
    bulk = await requireBulkAct(ports, id);
  }
  if (bulk.finishedAt === null) return { bulk, effective: null };
  // What others did of it is waited for as well.
  const { effective } = await ports.act({ actor, source }, PLATFORM, async (unit) => unit.foundDone());
  return { bulk, effective };
}

/** Goes on with an act for so many milliseconds, as long as nobody else is at it. */
export async function goOnWith(ports: RunPorts, id: string, withinMs: number): Promise<void> {
  const until = ports.clock.mono() + withinMs;
  const bulk = await requireBulkAct(ports, id);
  let more = bulk.finishedAt === null;
  while (more && ports.clock.mono() < until) more = await takeChunk(ports, bulk, "skip");
}

async function requireBulkAct({ database }: RunPorts, id: string): Promise<BulkAct> {
  const bulk = await database.transaction(PLATFORM, (tx) => findBulkAct(tx, id));
  if (bulk === null) throw new ClavigerError("NOT_FOUND");
  return bulk;
}

/** One unit of work: the next keys, with their audit events, one change for all of them, and one barrier. Whether there are more. */
async function takeChunk(ports: RunPorts, asked: BulkAct, hold: "hold" | "skip"): Promise<boolean> {
  const { actor, source } = asked;
  const { value } = await ports.act({ actor, source }, PLATFORM, async (unit) => {
    const found = await findBulkAct(unit.tx, asked.id, hold);
    if (found === null || found.finishedAt !== null) {
      unit.foundDone();
      return false;
    }
    let bulk = found;
    // Where nothing of a chunk had to be changed, the next one is taken at once.
    do bulk = await step(unit, bulk);
    while (bulk.finishedAt === null && bulk.outcomes.done === found.outcomes.done);
    return bulk.finishedAt === null;
  });
  return value ?? false;
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
  if (finished) {
    unit.audits({
      action: "bulk-act.finished",
      account: accountOf(bulk),
      target: { type: "bulk-act", id: bulk.id },
      after: { kind: bulk.act.kind, keys: bulk.keys, outcomes: after.outcomes },
    });
    unit.emits({
      type: "bulk-act.finished",
      account: accountOf(bulk),
      payload: { bulkAct: bulk.id, outcomes: after.outcomes },
    });
  }
  return after;
}

function sumOf(
  before: BulkAct["outcomes"],
  told: readonly { readonly outcome: KeyOutcome }[],
): Readonly<Partial<Record<KeyOutcome, number>>> {
  const sum = { ...before };
  for (const { outcome } of told) sum[outcome] = (sum[outcome] ?? 0) + 1;
  return sum;
}
