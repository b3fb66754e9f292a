import { type KeyRecord, type ResolvedLimit, resolveLimits } from "@claviger/core";
import { type Database, type Keyring, LOOKUP } from "../../db/index.ts";
import { accountSubject } from "../accounts/index.ts";
import { environmentSubject, planSubject } from "../catalogue/index.ts";
import { digestsOf, type FoundVersion, findByDigest, keySubject } from "../keys/index.ts";
import type { Entry } from "./records.ts";

/** No environment can have this name, so no verification ever takes a management key for a caller's. */
export const MANAGEMENT_ENVIRONMENT = "\u0000management";

export interface Loaded {
  readonly entry: Entry | null;
  /** The entry is true as of this change; what came after may have touched it. */
  readonly asOfSeq: number;
}

/** Reads the key of this SHA-256 from the database. pg errors pass through. */
export async function loadEntry(database: Database, keyring: Keyring, keyHash: Uint8Array): Promise<Loaded> {
  const { found, asOfSeq } = await database.transaction(LOOKUP, (tx) => findByDigest(tx, digestsOf(keyHash, keyring)), {
    isolation: "repeatable read",
  });
  return { entry: found === null ? null : entryOf(found), asOfSeq };
}

function entryOf(found: FoundVersion): Entry {
  const { key } = found;
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
    versions: found.versions.map((version) => ({
      version: version.version,
      state: version.state,
      expiresAt: version.expiresAt?.getTime() ?? null,
    })),
    allowedIps: key.allowedIps,
    allowedReferrers: key.allowedReferrers,
    audiences: key.audiences,
    metadata: key.metadata,
    subjects: subjectsOf(found),
  };
  return {
    kind: key.kind,
    record,
    version: found.version,
    accountExternalId: found.accountExternalId,
    boundTo: management ? key.environment : null,
    preview: key.preview,
    limits: limitsOf(found),
  };
}

/** Management keys are the house's own and have no limits. */
function limitsOf({ key, planLimits, environmentLimits }: FoundVersion): ResolvedLimit[] {
  if (key.kind === "management" || key.environment === null) return [];
  const { id, account, environment, limits } = key;
  return resolveLimits({ key: id, account, environment, keyLimits: limits, planLimits, environmentLimits });
}

function subjectsOf({ key, plan }: FoundVersion): string[] {
  const subjects = [keySubject(key.id), accountSubject(key.account)];
  if (key.environment !== null) subjects.push(environmentSubject(key.environment));
  if (plan !== null) subjects.push(planSubject(plan));
  return subjects;
}
