/**
 * Keys: the lasting things, with their versions, which are the secrets.
 *
 * States: active, suspended, revoked; expired and expiring are derived from the clock (key.ts).
 * Invariants: a secret is shown once and stored only as a peppered digest; a key belongs to one account and, unless it is a management
 * key, to one environment, for ever; nobody grants beyond what they hold; revoked is final.
 * Events out: key.created, keys.created (many at once), key.updated, key.revoked, key.suspended, key.resumed,
 * key.throttled, key.unthrottled.
 */
export { actOnKeys, type KeyOutcome, type ManyKeysAct } from "./act-on-keys.ts";
export { answerCreated, renderCreated } from "./answer-created.ts";
export {
  type CreatedKey,
  type CreateKeyInput,
  createKey,
  createOrAskKey,
  issueRequested,
  type RequestedKey,
} from "./create-key.ts";
export { createKeys } from "./create-keys.ts";
export type { KeyDescription } from "./describe-key.ts";
export { digestsOf, type StoredDigest, wrapDigest } from "./digest.ts";
export { enforcePolicies } from "./enforce-policies.ts";
export { type ExpiringKey, findExpiring } from "./find-expiring.ts";
export { findIdle, holdIdle, type IdleKey } from "./find-idle.ts";
export { requireAnyKey, requireKey } from "./find-key.ts";
export { mayManage } from "./grant.ts";
export { handOverFor, renderHandOver, tellSecret } from "./hand-over.ts";
export { IMPORTS_SUBJECT, type Imported, type ImportKeyInput, importKeys } from "./import-keys.ts";
export { ensureRoot, ensureRootKey, type RootKey, recoverManagementKey } from "./import-management-key.ts";
export { demandMayIssue, demandRoomAgain, type IssuedVersion, issueVersion, renewedExpiry } from "./issue-version.ts";
export {
  auditedFields,
  EXPIRING_MS,
  type Key,
  type KeyStatus,
  type KeyThrottle,
  type KeyVersion,
  keySubject,
  ownerOf,
  statusOf,
  throttleAt,
  versionStatusOf,
} from "./key.ts";
export { approverFor, readPolicyOf } from "./key-policy.ts";
export { type KeyViews, keyFormatRoutes, keysRoutes } from "./keys.api.ts";
export {
  type FoundVersion,
  findByDigest,
  findKey,
  keyFromRow,
  keyIdsOf,
  keysById,
  saveKey,
  saveVersion,
  selectVersionOwners,
  type VersionOwner,
  versionsOf,
} from "./keys.store.ts";
export { requireActiveMember } from "./lookups.ts";
export type {
  AskApproval,
  Authority,
  DeliveryWanted,
  HandedOver,
  HandOverWanted,
  IssuedSecret,
  KeysPorts,
  LinkWanted,
  PreparedLink,
  PreparedSealing,
  Sealer,
  SealingNew,
  SecretLink,
  WaitingAct,
} from "./ports.ts";
export { policyPreviews } from "./preview-policy.ts";
export { selectEndedVersions, type VersionPlace } from "./queries/ended-versions.ts";
export { eraseKeys, selectUnerasedKeys } from "./queries/erase.ts";
export type { ExpiryPlace } from "./queries/living-keys.ts";
export { areInOneHand } from "./queries/made-by.ts";
export { type NewOwner, selectKeysOf, selectMadeForOthers, selectOwned, selectUnrevoked } from "./queries/many.ts";
export { foldTally } from "./queries/tally.ts";
export { type RegisteredDependant, registeredDependants } from "./registered-dependants.ts";
export { latestRestored } from "./restored-expiry.ts";
export { resumeKey } from "./resume-key.ts";
export { revokeHeld, revokeKey } from "./revoke-key.ts";
export { suspendHeld, suspendKey } from "./suspend-key.ts";
export { tagOfKey } from "./tag.ts";
export { changeKey, updateKey } from "./update-key.ts";
