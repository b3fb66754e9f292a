import type { KeyRecord } from "../verdict/verdict.ts";
import type { Profile } from "./profiles.ts";
import {
  expiriesOf,
  expiryOfWords,
  REVOKED,
  type Side,
  SUSPENDED,
  VERSION_ENDED,
  VERSION_MISSING,
  VERSION_SHIFT,
} from "./record-layout.ts";
import { subjectsOf } from "./subjects.ts";

/** What a record is told from. Nothing in it changes when the table does. */
export interface RecordParts {
  /** Flags, and the version above them. */
  readonly flags: number;
  /** The expiry as two words; only with one of the flags `EXPIRES`. */
  readonly expiryHigh: number;
  readonly expiryLow: number;
  readonly profile: Profile<object>;
  readonly side: Side | undefined;
}

/** The record again, with the presented version as its only one. */
export function recordOf(parts: RecordParts, keyId: string, account: string, accountSuspended: boolean): KeyRecord {
  const { flags, expiryHigh, expiryLow, profile, side } = parts;
  const { ofKey, ofVersion } = expiriesOf(flags, expiryOfWords(expiryHigh, expiryLow), side);
  const version = flags >>> VERSION_SHIFT;
  return {
    keyId,
    account,
    environment: profile.environment,
    state: (flags & REVOKED) !== 0 ? "revoked" : (flags & SUSPENDED) !== 0 ? "suspended" : "active",
    accountState: accountSuspended ? "suspended" : "active",
    expiresAt: ofKey,
    tier: profile.grant.tier,
    scopes: profile.grant.scopes,
    versions:
      (flags & VERSION_MISSING) !== 0
        ? []
        : [{ version, state: (flags & VERSION_ENDED) !== 0 ? "ended" : "active", expiresAt: ofVersion }],
    allowedIps: profile.allowedIps.list,
    allowedReferrers: profile.allowedReferrers.list,
    audiences: profile.audiences.list,
    metadata: side === undefined ? NO_METADATA : side.metadata,
    subjects: subjectsOf(profile.group, keyId, account),
  };
}

export const NO_METADATA = Object.freeze({});
