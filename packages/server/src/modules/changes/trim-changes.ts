import type { Database } from "../../db/index.ts";
import { deleteChanges } from "./changes.store.ts";

/** The newest entries that are always kept. */
const KEPT_CHANGES = 100_000;
/** How long an entry is kept at least, in milliseconds. */
const KEPT_MS = 3_600_000;

const BATCH = 10_000;

/**
 * Deletes entries that are both older than an hour and not among the newest 100 000, in batches of a transaction each.
 * Whoever has not read them by then finds a gap and begins anew. Returns how many were deleted. Call it periodically.
 */
export async function trimChanges(database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS);
  let deleted = 0;
  for (;;) {
    const batch = await deleteChanges(database, (head) => head - KEPT_CHANGES, before, BATCH);
    deleted += batch;
    if (batch < BATCH) return deleted;
  }
}
