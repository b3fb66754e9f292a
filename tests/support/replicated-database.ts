import { openDatabase } from "@claviger/server";
import type { ReplicatedPostgres, TestDatabase } from "@claviger/testkit";

/** The database of a primary with its standby, as tests have it: whichever of the two is the primary. */
export function replicatedDatabase(postgres: ReplicatedPostgres): TestDatabase {
  const { owner, node, roles } = postgres;
  const database = openDatabase({ ...{ connection: { ...node }, roles }, onIdleError: () => undefined });
  return { ...{ database, owner, node, roles }, drop: () => database.close() };
}
