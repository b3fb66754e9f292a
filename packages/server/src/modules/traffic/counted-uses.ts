import type { KeyUse } from "@claviger/core";
import type { VersionOwner } from "../keys/index.ts";

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

/** A claim with the environment that its sender may speak for; null: any. */
export interface ClaimedUse {
  readonly use: KeyUse;
  readonly environment: string | null;
}

/** What counts: of versions that there are, in an environment that the sender may speak for, for the account whose they are. */
export function creditedTo(owners: readonly VersionOwner[], claimed: readonly ClaimedUse[]): KeyUse[] {
  const byVersion = new Map(owners.map((owner) => [`${owner.key}:${owner.version}`, owner]));
  return claimed.flatMap(({ use, environment }) => {
    const owner = byVersion.get(`${use.key}:${use.version}`);
    if (owner === undefined || (environment !== null && owner.environment !== environment)) return [];
    return [{ ...use, account: owner.account }];
  });
}

/** When something was used, by its own clock: never after `now`, nor long before it; `now` for what is no time. */
export function usedAt(at: number, now: number): number {
  return at <= now ? Math.max(at, now - LATE_MS) : now;
}

/** By the UTC day on which the keys were last used; no time is after `now`, nor long before it. */
export function byDay(uses: readonly KeyUse[], now: Date): Map<Date, KeyUse[]> {
  const days = new Map<number, KeyUse[]>();
  const within = (at: number | null): number | null => (at === null ? null : usedAt(at, now.getTime()));
  for (const use of uses) {
    const told: KeyUse = {
      ...use,
      firstUsedAt: within(use.firstUsedAt),
      lastUsedAt: within(use.lastUsedAt),
      lastRefusedAt: within(use.lastRefusedAt),
    };
    const last = Math.max(told.lastUsedAt ?? Number.NEGATIVE_INFINITY, told.lastRefusedAt ?? Number.NEGATIVE_INFINITY);
    const day = Math.floor((Number.isFinite(last) ? last : now.getTime()) / DAY_MS);
    const those = days.get(day);
    if (those === undefined) days.set(day, [told]);
    else those.push(told);
  }
  return new Map([...days].sort(([a], [b]) => a - b).map(([day, those]) => [new Date(day * DAY_MS), those]));
}
