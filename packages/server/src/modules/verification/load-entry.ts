import type { KeyRecord, KeyTableEntry, Throttle, VersionRecord } from "@claviger/core";
import { type Database, type Keyring, LOOKUP } from "../../db/index.ts";
import { accountSubject } from "../accounts/index.ts";
import { environmentSubject, planSubject } from "../catalogue/index.ts";
import { digestsOf, type FoundVersion, findByDigest, type KeyThrottle, keySubject } from "../keys/index.ts";
import type { ShareTerms, Terms } from "./terms.ts";

/** No environment can have this name, so no verification ever takes a management key for a caller's. */
export const MANAGEMENT_ENVIRONMENT = "\u0000management";

export interface Loaded {
  readonly entry: KeyTableEntry<Terms> | null;
  /** The entry is true as of this change; what came after may have touched it. */
  readonly asOfSeq: number;
}

/** Reads the key of this SHA-256 from the database. pg errors pass through. */
export async function loadEntry(
  database: Database,
  keyring: Keyring,
  keyHash: Uint8Array,
  share: ShareTerms,
): Promise<Loaded> {
  const { found, asOfSeq } = await database.transaction(LOOKUP, (tx) => findByDigest(tx, digestsOf(keyHash, keyring)), {
    isolation: "repeatable read",
  });
  return { entry: found === null ? null : entryOf(found, share), asOfSeq };
}

/** What its time has ended has expired, for good: also by a clock that has gone back since, and whoever asks is told so as before. */
function versionOf({ version: { version, state, expiresAt }, versionExpired }: FoundVersion): VersionRecord {
  if (versionExpired) return { version, state: "active", expiresAt: 0 };
  return { version, state, expiresAt: expiresAt?.getTime() ?? null };
}

function entryOf(found: FoundVersion, share: ShareTerms): KeyTableEntry<Terms> {
  const { key, version } = found;
  const management = key.kind === "management";
  const record: KeyRecord = {
    keyId: key.id,
    account: key.account,
    environment: management || key.environment === null ? MANAGEMENT_ENVIRONMENT : key.environment,
    state: key.state,
    accountState: found.accountStatus,
    expiresAt: key.expiresAt?.getTime() ?? null,
    tier: key.tier,
    scopes: key.scopes,
    // Of all versions the one presented is decided about.
    versions: [versionOf(found)],
    allowedIps: key.allowedIps,
    allowedReferrers: key.allowedReferrers,
    audiences: key.audiences,
    metadata: key.metadata,
    subjects: subjectsOf(found),
  };
  return {
    record,
    version: version.version,
    accountNote: found.accountExternalId,
    shared: share({
      // A key that waits for approval has no version to be found by.
      kind: management ? "management" : "customer",
      boundTo: management ? key.environment : null,
      environment: record.environment,
      keyLimits: management ? [] : key.limits,
      planLimits: management ? [] : found.planLimits,
      environmentLimits: management ? [] : found.environmentLimits,
      throttle: management || key.throttle === null ? null : throttleOf(key.throttle),
    }),
  };
}

/** Also one that is over: by a clock that has gone back it holds again, which is the safe side. */
function throttleOf({ amount, per, until }: KeyThrottle): Throttle {
  return { amount, per, until: until.getTime() };
}

function subjectsOf({ key, plan }: FoundVersion): string[] {
  const subjects = [keySubject(key.id), accountSubject(key.account)];
  if (key.environment !== null) subjects.push(environmentSubject(key.environment));
  if (plan !== null) subjects.push(planSubject(plan));
  return subjects;
}
