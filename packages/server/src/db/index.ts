/** The database: engine, migrations, roles, and transactions that never run without a reach. */
export { clientConfig, type Database, openDatabase, type TransactionOptions, type Tx } from "./database.ts";
export { DatabaseError } from "./errors.ts";
export { type Keyring, openKeyring } from "./keyring.ts";
export { MASTER_KEY_FILE, masterKeyOf } from "./master-key.ts";
export { migrate, type MigrationResult } from "./migrate.ts";
export { accountReach, LOOKUP, PLATFORM, type Reach, type RoleNames } from "./roles.ts";
export type { Schema } from "./schema.ts";
export { isForeignKeyViolation, isUnavailable, isUniqueViolation } from "./faults.ts";
