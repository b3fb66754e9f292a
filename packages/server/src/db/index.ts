/** The database: engine, migrations, roles, and transactions that never run without a reach. */

export { copyRows } from "./copy-rows.ts";
export { currentRole } from "./current-role.ts";
export {
  type ConnectionConfig,
  clientConfig,
  type Database,
  type DatabaseClient,
  openDatabase,
  type TransactionOptions,
  type Tx,
} from "./database.ts";
export { attachEmbedded } from "./embedded/attach.ts";
export { type Engine, EngineError, openEngine } from "./engine.ts";
export { eraseReasons } from "./erase-reasons.ts";
export { DatabaseError } from "./errors.ts";
export { isForeignKeyViolation, isHeldUp, isUnavailable, isUniqueViolation, isUnstorable } from "./faults.ts";
export { addFirstVersions, lockKeyring } from "./first-versions.ts";
export { forgetNodes } from "./forget-nodes.ts";
export { KEYRING_SUBJECT, type Keyring, type LiveKeyring, openKeyring } from "./keyring.ts";
export { KEY_BYTES, type Purpose, unwrap, wrap } from "./keyring-wrap.ts";
export { MASTER_KEY_FILE, masterKeyOf, replaceMasterKey } from "./master-key.ts";
export { type MigrationResult, migrate } from "./migrate.ts";
export type { AttemptRow } from "./notices-schema.ts";
export { openKeyringOf } from "./open-keyring-of.ts";
export { accountReach, LOOKUP, PLATFORM, type Reach, type RoleNames } from "./roles.ts";
export type { Schema } from "./schema.ts";
export { seal, unseal } from "./seal.ts";
export { takeTurn } from "./turn.ts";
export { isDoubt, UncertainCommitError } from "./uncertain-commit.ts";
