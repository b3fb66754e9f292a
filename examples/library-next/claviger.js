import { createClaviger } from "@claviger/server";

const { DATABASE_URL = "", DATABASE_MIGRATION_URL, CLAVIGER_MASTER_KEY, CLAVIGER_MANAGEMENT_KEY } = process.env;

const database =
  DATABASE_URL === ""
    ? {}
    : { databaseUrl: DATABASE_URL, databaseMigrationUrl: DATABASE_MIGRATION_URL, masterKey: CLAVIGER_MASTER_KEY };

async function start() {
  const claviger = await createClaviger({
    ...database,
    managementKey: CLAVIGER_MANAGEMENT_KEY,
    basePath: "/claviger",
  });
  // At the very first start, where none was given: it is told here and nowhere else.
  const generated = claviger.generatedManagementKey;
  if (generated !== null) console.log(`management key (shown once): ${generated.reveal()}`);
  // `npm start` leaves signals to us (NEXT_MANUAL_SIG_HANDLE), so that the lease is given back before the process ends.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => claviger.close().then(() => process.exit(0)));
  return claviger;
}

/**
 * The node of Claviger in this process. It is made when the first request comes, and not while the application is built; and kept
 * where all bundles of Next.js find it, because each has modules of its own. Where it cannot be made, the next request tries again.
 */
export function claviger() {
  globalThis.clavigerNode ??= start().catch((error) => {
    globalThis.clavigerNode = undefined;
    throw error;
  });
  return globalThis.clavigerNode;
}
