/**
 * Bulk acts: one act on many keys.
 *
 * States: running → finished; see bulk-act.ts.
 * Invariants: the keys are frozen when it starts; each is acted on once, whoever goes on with it and whatever is killed in between;
 * each chunk is one unit of work with the audit events of its keys, one change and one barrier; management keys are in none.
 * Events out: bulk-act.finished, and for each key what the act on one key tells.
 */
export { MOST_KEYS_OF_ACT } from "./bulk-act.ts";
export { answeredBulkAct, bulkActsRoutes } from "./bulk-acts.api.ts";
export { type FinishedBulkAct, finishBulkAct } from "./finish-bulk-act.ts";
export { createBulkActKeeper } from "./keep-bulk-acts.ts";
export type { KeySelection, SelectionFacts } from "./ports.ts";
export { startBulkAct } from "./start-bulk-act.ts";
