import { isDeepStrictEqual } from "node:util";
import type { Limit, Tier } from "@claviger/core";
import type { Key } from "./key.ts";

const RANK: Record<Tier, number> = { read: 1, write: 2, admin: 3 };
const rankOf = (tier: Tier | null): number => (tier === null ? 0 : RANK[tier]);

/**
 * True when some request that was allowed before may be refused after. Errs on the side of yes: what is wrongly called
 * narrowing costs a wait, what is wrongly called widening would break the promise that a change is in force when it returns.
 */
export function mayNarrow(before: Key, after: Key): boolean {
  return (
    rankOf(after.tier) < rankOf(before.tier) ||
    before.scopes.some((scope) => !after.scopes.includes(scope)) ||
    (after.expiresAt !== null && (before.expiresAt === null || after.expiresAt < before.expiresAt)) ||
    tightens(before.allowedIps, after.allowedIps) ||
    tightens(before.allowedReferrers, after.allowedReferrers) ||
    tightens(before.audiences, after.audiences) ||
    !isDeepStrictEqual(before.limits, after.limits)
  );
}

/** True when some request that was refused before may be allowed after: then policy may ask for somebody's approval (A8). Errs on the side of yes. */
export function mayWiden(before: Key, after: Key): boolean {
  return (
    rankOf(after.tier) > rankOf(before.tier) ||
    after.scopes.some((scope) => !before.scopes.includes(scope)) ||
    (before.expiresAt !== null && (after.expiresAt === null || after.expiresAt > before.expiresAt)) ||
    tightens(after.allowedIps, before.allowedIps) ||
    tightens(after.allowedReferrers, before.allowedReferrers) ||
    tightens(after.audiences, before.audiences) ||
    before.limits.some((limit) => !after.limits.some((other) => isWithin(other, limit)))
  );
}

/** Whether a limit lets through no more than another one. */
function isWithin({ amount, ...rest }: Limit, { amount: most, ...others }: Limit): boolean {
  return amount <= most && isDeepStrictEqual(rest, others);
}

/** A list that restricts: empty allows all, so an entry gone tightens and so does the first one. */
function tightens(before: readonly string[], after: readonly string[]): boolean {
  if (after.length === 0) return false;
  return before.length === 0 || before.some((entry) => !after.includes(entry));
}
