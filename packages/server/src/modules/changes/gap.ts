import type { LoggedChange } from "./changes.store.ts";

/**
 * Whether entries read after the number `after` leave out one that was committed, so that whoever follows the log must
 * begin anew. `head` is of the same snapshot and `limit` what the read asked for: numbers have no holes, so up to the
 * head, or up to the limit, every number must be there.
 */
export function hasGap(after: number, head: number, changes: readonly LoggedChange[], limit: number): boolean {
  const expected = Math.max(0, Math.min(head - after, limit));
  if (changes.length !== expected) return true;
  return changes.some((change, index) => change.seq !== after + 1 + index);
}
