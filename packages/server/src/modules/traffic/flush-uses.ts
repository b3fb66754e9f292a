import { type Database, PLATFORM, UncertainCommitError } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { addUses } from "./traffic.store.ts";
import type { UseCounts } from "./use-counts.ts";

/** Writes what was counted since the last flush; what cannot be written is kept for the next one. Never throws. */
export async function flushUses(database: Database, counts: UseCounts, clock: Clock, logger: Logger): Promise<void> {
  const uses = counts.take().sort((a, b) => (a.key < b.key ? -1 : 1));
  if (uses.length === 0) return;
  try {
    await database.transaction(PLATFORM, (tx) => addUses(tx, uses, new Date(clock.wall())));
  } catch (error) {
    // Counted here, though perhaps not on a standby: written again they would be counted twice.
    if (error instanceof UncertainCommitError) return;
    counts.giveBack(uses);
    logger.warn({ error, keys: uses.length }, "use of keys could not be written; kept for the next try");
  }
}
