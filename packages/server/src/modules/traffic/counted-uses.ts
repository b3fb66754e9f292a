import type { KeyUse } from "@claviger/core";

export const KEY_ID = /^key_[0-9A-Za-z]{1,60}$/;
export const MOST_VERSION = 2_147_483_647;
/** Far above what anybody can count between two batches. */
const MOST_COUNTED = 1e12;
/** How long a batch may have waited for a node, in milliseconds. */
const LATE_MS = 7 * 86_400_000;
const DAY_MS = 86_400_000;

/** Those rows that could be of a key. What a verifier sends is a claim, and this keeps it within what a database can hold. */
export function countable(rows: readonly KeyUse[]): KeyUse[] {
  return rows
    .filter(({ key, version }) => KEY_ID.test(key) && version > 0 && version <= MOST_VERSION)
    .map((use) => ({
      ...use,
      accepted: Math.min(use.accepted, MOST_COUNTED),
      refused: Math.min(use.refused, MOST_COUNTED),
    }));
}

/** When something was used, by its own clock: never after `now`, nor long before it; `now` for what is no time. */
export function usedAt(at: number, now: number): number {
  return at <= now ? Math.max(at, now - LATE_MS) : now;
}

/** The same use with times that can be: never after `now`, nor long before it. */
export function withinTime(use: KeyUse, now: number): KeyUse {
  const within = (at: number | null): number | null => (at === null ? null : usedAt(at, now));
  return {
    ...use,
    firstUsedAt: within(use.firstUsedAt),
    lastUsedAt: within(use.lastUsedAt),
    lastRefusedAt: within(use.lastRefusedAt),
  };
}

/** The first moment of the UTC day on which the key was last used; of `now` where that is not told. */
export function dayOfUse({ lastUsedAt, lastRefusedAt }: KeyUse, now: number): number {
  const last = Math.max(lastUsedAt ?? Number.NEGATIVE_INFINITY, lastRefusedAt ?? Number.NEGATIVE_INFINITY);
  return Math.floor((Number.isFinite(last) ? last : now) / DAY_MS) * DAY_MS;
}
