import { isTier } from "../scopes/tier.ts";
import type { KeyRecord, VersionRecord } from "../verdict/verdict.ts";
import { frozen } from "./frozen.ts";

/**
 * A record's place: 80 bytes of words. All that a check of a common record looks at, and who it is, lies here or is shared by
 * many records; what does not fit, or few keys have, is in a side table that a flag points to.
 * The first eight words are the SHA-256 of the presented key.
 */
export const RECORD_STRIDE = 20;
/** Flags below, and the version above them. */
export const FLAGS = 8;
export const ACCOUNT = 9;
export const PROFILE = 10;
/** A number of the caller's. */
export const HANDLE = 11;
/** Two words: the earlier of the key's and the version's expiry, see `expiryAt`; only with one of the flags `EXPIRES`. */
export const EXPIRY = 12;
/** Accepted uses that nobody has taken yet, and when the last one was: see `Uses`. */
export const ACCEPTED = 14;
export const LAST_USED = 15;

/** Four words: the key's id, see `id-words.ts`. Every verdict tells it, so it lies beside what the check has just read. */
export const KEY_ID = 16;

/** Tags of slots from here on are of records; below they are empty or removed. */
export const IN_USE_FROM = 2;

export const REVOKED = 2;
export const SUSPENDED = 4;
/** The version presented is ended. */
export const VERSION_ENDED = 8;
/** The key has no such version. */
export const VERSION_MISSING = 16;
/** The expiry in the words is the key's own. */
const KEY_EXPIRES = 32;
/** It is the version's. Both where they are the same. */
export const VERSION_EXPIRES = 64;
export const EXPIRES = KEY_EXPIRES | VERSION_EXPIRES;
/** The side table has an entry. */
export const HAS_SIDE = 128;
/** The record cannot be told in words and is decided by `decide` as it came. */
export const AS_IT_CAME = 256;

/** How far above the flags the version is. */
export const VERSION_SHIFT = 9;
const VERSION_LIMIT = 2 ** (32 - VERSION_SHIFT);

/** Any of these means REVOKED. */
export const ENDED = REVOKED | VERSION_ENDED | VERSION_MISSING;

/** What of a record is not in its place. */
export interface Side {
  /** The record as it came, where it is decided as it came. */
  readonly record: KeyRecord | null;
  /** The version, where it fits no word. */
  readonly version: number;
  readonly metadata: KeyRecord["metadata"];
  /** The later expiry, where key and version both have one. */
  readonly laterExpiry: number;
  /** The key's id where it is not written like ours. */
  readonly keyId: string | null;
}

/** The version presented; null if the record has none of this number. As `decide` finds it. */
export function presentedVersion(record: KeyRecord, version: number): VersionRecord | null {
  return record.versions.findLast((candidate) => candidate.version === version) ?? null;
}

/** Whether words can say all that this record says. What cannot is data that `decide` mostly refuses. */
export function fitsWords(record: KeyRecord, version: number, presented: VersionRecord | null): boolean {
  return (
    Number.isInteger(version) &&
    version >= 0 &&
    version < VERSION_LIMIT &&
    (record.state === "active" || record.state === "suspended" || record.state === "revoked") &&
    (record.accountState === "active" || record.accountState === "suspended") &&
    isTime(record.expiresAt) &&
    (record.tier === null || isTier(record.tier)) &&
    [record.scopes, record.allowedIps, record.allowedReferrers, record.audiences].every(isTexts) &&
    (presented === null ||
      (isTime(presented.expiresAt) && (presented.state === "active" || presented.state === "ended")))
  );
}

function isTexts(list: readonly string[]): boolean {
  return list.every((text) => typeof text === "string");
}

function isTime(time: number | null): boolean {
  return time === null || Number.isSafeInteger(time);
}

/** The flags that a record's own fields make, without those of the table. */
export function flagsOf(record: KeyRecord, presented: VersionRecord | null): number {
  let flags = 0;
  if (record.state === "revoked") flags |= REVOKED;
  if (record.state === "suspended") flags |= SUSPENDED;
  if (presented === null) flags |= VERSION_MISSING;
  else if (presented.state === "ended") flags |= VERSION_ENDED;
  const ofKey = record.expiresAt;
  const ofVersion = presented === null ? null : presented.expiresAt;
  if (ofKey !== null && (ofVersion === null || ofKey <= ofVersion)) flags |= KEY_EXPIRES;
  if (ofVersion !== null && (ofKey === null || ofVersion <= ofKey)) flags |= VERSION_EXPIRES;
  return flags;
}

const WORD = 2 ** 32;

/** The expiry in the record that starts at `at`, in milliseconds since the epoch. */
export function expiryAt(words: Int32Array, at: number): number {
  return expiryOfWords(words[at + EXPIRY] ?? 0, words[at + EXPIRY + 1] ?? 0);
}

/** The expiry that high and low word say. */
export function expiryOfWords(high: number, low: number): number {
  return high * WORD + (low >>> 0);
}

/** Writes one, a safe integer, as high and low word. */
export function writeExpiry(words: Int32Array, at: number, expiry: number): void {
  words[at + EXPIRY] = Math.floor(expiry / WORD);
  words[at + EXPIRY + 1] = expiry % WORD;
}

/** The expiry that goes into the words; infinity for none. */
export function expiryOf(record: KeyRecord, presented: VersionRecord | null): number {
  return Math.min(record.expiresAt ?? Number.POSITIVE_INFINITY, presented?.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** What does not fit; null where all does. */
export function sideOf(
  record: KeyRecord,
  version: number,
  presented: VersionRecord | null,
  fits: boolean,
  idFits: boolean,
): Side | null {
  const ofVersion = presented === null ? null : presented.expiresAt;
  const later = record.expiresAt !== null && ofVersion !== null && record.expiresAt !== ofVersion;
  if (fits && idFits && !later && Object.keys(record.metadata).length === 0) return null;
  return {
    record: fits ? null : frozen(record),
    version,
    metadata: frozen(record.metadata),
    laterExpiry: later ? Math.max(record.expiresAt ?? 0, ofVersion ?? 0) : Number.POSITIVE_INFINITY,
    keyId: idFits ? null : record.keyId,
  };
}

/** Key's and version's expiry, from the words and the side. */
export function expiriesOf(
  flags: number,
  expiry: number,
  side: Side | undefined,
): { readonly ofKey: number | null; readonly ofVersion: number | null } {
  const later = side === undefined || side.laterExpiry === Number.POSITIVE_INFINITY ? null : side.laterExpiry;
  return {
    ofKey: (flags & KEY_EXPIRES) !== 0 ? expiry : (flags & VERSION_EXPIRES) !== 0 ? later : null,
    ofVersion: (flags & VERSION_EXPIRES) !== 0 ? expiry : (flags & KEY_EXPIRES) !== 0 ? later : null,
  };
}
