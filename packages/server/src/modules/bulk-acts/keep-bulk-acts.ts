import { PLATFORM } from "../../db/index.ts";
import { RESULTS_KEPT_MS } from "./bulk-act.ts";
import { deleteResults, selectRunning } from "./bulk-acts.store.ts";
import { goOnWith, type RunPorts } from "./finish-bulk-act.ts";

/** Acts that one run goes on with, and for how long altogether. */
const AT_ONCE = 5;
const RUN_MS = 2_000;
const FORGET_EVERY_MS = 300_000;
const FORGOTTEN_AT_ONCE = 5_000;

/**
 * Goes on with what nobody is at: acts whose process was killed, or whose caller did not wait. Every so often it forgets what became of
 * each key of acts that were finished long ago; how many of each outcome there were is kept.
 */
export function createBulkActKeeper(ports: RunPorts): () => Promise<void> {
  const { database, clock } = ports;
  let forgetAt = clock.mono();
  return async () => {
    const running = await database.transaction(PLATFORM, (tx) => selectRunning(tx, AT_ONCE));
    for (const id of running) await goOnWith(ports, id, RUN_MS / running.length);
    if (clock.mono() < forgetAt) return;
    forgetAt = clock.mono() + FORGET_EVERY_MS;
    const before = new Date(clock.wall() - RESULTS_KEPT_MS);
    await database.transaction(PLATFORM, (tx) => deleteResults(tx, before, FORGOTTEN_AT_ONCE));
  };
}
