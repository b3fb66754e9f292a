import type pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase, type RoleNames } from "../../server/src/db/index.ts";
import { systemRandom } from "../../server/src/kernel/random.ts";
import { asOwner, dropDatabase } from "./postgres.ts";
import "./global-setup.ts";

/** A database of this test file alone, with all migrations. */
export interface TestDatabase {
  readonly database: Database;
  /** Settings of the role that owns the tables, for tests that play operator or attacker. */
  readonly owner: pg.ClientConfig;
  /** Settings of the role that the service logs in as. */
  readonly node: pg.ClientConfig;
  readonly roles: RoleNames;
  /** Closes `database` and removes it from the server, whoever else is still connected. */
  drop(): Promise<void>;
}

/** Makes it from the template of this run, which takes some 30 ms. */
export async function testDatabase(): Promise<TestDatabase> {
  const postgres = inject("postgres");
  const name = `${postgres.prefix}${Buffer.from(systemRandom.bytes(6)).toString("hex")}`;
  await asOwner(postgres.owner, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${postgres.template}`));
  const node = { ...postgres.node, database: name };
  const database = openDatabase({ connection: node, roles: postgres.roles });
  return {
    database,
    owner: { ...postgres.owner, database: name },
    node,
    roles: postgres.roles,
    drop: async () => {
      await database.close();
      await asOwner(postgres.owner, (client) => dropDatabase(client, name));
    },
  };
}
