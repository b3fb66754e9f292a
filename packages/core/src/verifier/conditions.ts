import type { ResolvedLimit } from "../limits/resolve-limits.ts";
import type { KeyRecord } from "../verdict/verdict.ts";

/**
 * What a verifier must know how to judge before it may decide on a record that has it. A record with a condition that is
 * unknown to a verifier is never decided on there: the verdict is asked for instead, so that an old verifier cannot
 * accept what a new rule refuses.
 */
export type Condition = string;

/** What this software can judge. */
export const CONDITIONS: readonly Condition[] = Object.freeze([
  "allowed-ips",
  "allowed-referrers",
  "audiences",
  "limits",
  "throttle",
]);

/** The conditions of a record, for the one who sends it. */
export function conditionsOf(entry: {
  readonly record: KeyRecord;
  readonly limits: readonly ResolvedLimit[];
}): Condition[] {
  const { record, limits } = entry;
  const present: Readonly<Record<string, boolean>> = {
    "allowed-ips": record.allowedIps.length > 0,
    "allowed-referrers": record.allowedReferrers.length > 0,
    audiences: record.audiences.length > 0,
    limits: limits.length > 0,
    throttle: limits.some(({ until }) => until !== undefined),
  };
  return CONDITIONS.filter((condition) => present[condition] === true);
}

/** Those of `conditions` that are not among `understood`. */
export function notUnderstood(conditions: readonly Condition[], understood: readonly Condition[]): Condition[] {
  return conditions.filter((condition) => !understood.includes(condition));
}
