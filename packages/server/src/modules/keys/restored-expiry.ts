import { latestExpiry } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { countShortened, type Grace, holdPolicies, selectGraces, selectGracesSince } from "../policies/index.ts";
import { isAbout } from "./judge-key.ts";
import type { Key } from "./key.ts";
import { readPolicyOf } from "./key-policy.ts";

const DAY_MS = 86_400_000;

/** A version that is to be in force again. Times are milliseconds since the epoch. */
export interface RestoredVersion {
  readonly issuedAt: number;
  /** When another version took its place. */
  readonly replacedAt: number;
  /** How long it works if nothing is done. */
  readonly endsAt: number;
  /** The expiry that the key had while the version was in force; null: never. */
  readonly priorExpiry: number | null;
}

/**
 * When a key expires at the latest whose older version is in force again, in milliseconds since the epoch; null: no bound. That is what the
 * policies in force say, from the issue of that version, and never sooner than what the key had before; unless a policy has become stricter
 * meanwhile. Then the version is treated as that policy treats keys: it has until the end of the grace, and what it had for a day, and for as
 * long as it works anyway. Management keys are ended by no policy. The key is held by the caller; only for the platform's reach.
 */
export async function latestRestored(tx: Tx, key: Key, version: RestoredVersion, now: Date): Promise<number | null> {
  await holdPolicies(tx);
  const { policy } = await readPolicyOf(tx, key);
  const latest = latestExpiry(policy, version.issuedAt);
  if (latest === null) return null;
  const { priorExpiry: had } = version;
  const since = key.kind === "management" ? [] : await selectGracesSince(tx, new Date(version.replacedAt));
  const isTheirs = ({ subject }: Grace): boolean => isAbout(subject, key);
  if (!since.some(isTheirs)) return had === null ? null : Math.max(latest, had);
  const graces = [...since, ...(await selectGraces(tx, now))].filter(isTheirs);
  const left = Math.min(had ?? Number.POSITIVE_INFINITY, Math.max(now.getTime() + DAY_MS, version.endsAt));
  const end = Math.max(latest, left, ...graces.map(({ graceUntil }) => graceUntil.getTime()));
  const given = graces.find(({ graceUntil }) => graceUntil.getTime() === end);
  if (given !== undefined && (had === null || had > end)) await countShortened(tx, given);
  return end;
}
