import { createClaviger } from "@claviger/server";

const { DATABASE_URL = "", DATABASE_MIGRATION_URL, CLAVIGER_MASTER_KEY, CLAVIGER_MANAGEMENT_KEY } = process.env;

const database =
  DATABASE_URL === ""
    ? {}
    : { databaseUrl: DATABASE_URL, databaseMigrationUrl: DATABASE_MIGRATION_URL, masterKey: CLAVIGER_MASTER_KEY };

/** A node of Claviger in this process: over your PostgreSQL, or over one of its own in ./.claviger. */
export const claviger = await createClaviger({
  ...database,
  managementKey: CLAVIGER_MANAGEMENT_KEY,
  basePath: "/claviger",
});

// At the very first start, where none was given: it is told here and nowhere else.
const generated = claviger.generatedManagementKey;
if (generated !== null) console.log(`management key (shown once): ${generated.reveal()}`);
