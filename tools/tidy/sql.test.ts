import { describe, expect, test } from "vitest";
import { files } from "./fixture.ts";
import { sqlPlaces, tableOwners, tablesOf } from "./sql.ts";

const module = (path: string): string => `packages/server/src/modules/${path}`;
const reasons = (path: string, text: string): string[] =>
  sqlPlaces(files({ [path]: text })).map(({ reason }) => reason);

describe("SQL", () => {
  test.each([
    [module("keys/create-key.ts"), "const rows = sql`select 1`;"],
    [module("keys/create-key.ts"), "import type { Kysely } from 'kysely';"],
    [module("keys/create-key.ts"), "await tx.selectFrom('key').execute();"],
    [module("keys/other.store.ts"), "await tx.deleteFrom('key').execute();"],
    ["packages/server/src/app.ts", "import pg from 'pg';"],
    ["packages/cli/src/commands/operate/backup.ts", "import pg from 'pg';"],
  ])("is refused in %s: %s", (path, text) => {
    expect(reasons(path, text)).toEqual([expect.stringContaining("know the database")]);
  });

  test.each([
    module("keys/keys.store.ts"),
    module("keys/queries.ts"),
    "packages/server/src/db/migrate.ts",
    module("keys/keys.test.ts"),
  ])("is at home in %s", (path) => {
    expect(reasons(path, "import { sql } from 'kysely'; sql`select 1`; tx.selectFrom('key');")).toEqual([]);
  });
});

describe("tables", () => {
  const tables = new Set(["key", "account"]);
  const owns = { [module("accounts/accounts.store.ts")]: "tx.insertInto('account');" };
  const check = (path: string, text: string) =>
    tableOwners(files({ ...owns, [path]: text }), tables).map(({ reason }) => reason);

  test("are read out of the migrations", () => {
    const sql =
      "CREATE TABLE account (id text);\ncreate table if not exists key (\n id text);\nCREATE TABLE usage_2 (id text);";
    expect([...tablesOf(files({ "packages/server/src/db/migrations/0001_a.sql": sql }))]).toEqual([
      "account",
      "key",
      "usage_2",
    ]);
  });

  test("that belong to another module are not read, by builder or by text", () => {
    expect(
      check(module("keys/queries.ts"), "tx.selectFrom('key as k').innerJoin('account as a', 'a.id', 'k.account_id');"),
    ).toEqual([expect.stringContaining("reads account, which belongs to accounts")]);
    expect(check(module("keys/queries.ts"), "sql<Row>`select * from account`;")).toHaveLength(1);
  });

  test("may be read along where READS_ALONG names file and table", () => {
    expect(
      check(module("keys/keys.store.ts"), "sql`select * from key k join account a on a.id = k.account_id`;"),
    ).toEqual([]);
  });

  test("are written by one module alone", () => {
    const found = check(module("keys/keys.store.ts"), "tx.updateTable('account');");
    expect(found).toHaveLength(2);
    expect(found[0]).toContain("a table has one owner");
  });

  test("may all be read by inventory, which writes none", () => {
    expect(check(module("inventory/queries.ts"), "tx.selectFrom('account');")).toEqual([]);
    expect(check(module("inventory/inventory.store.ts"), "sql`update account set name = 'x'`;")).toContainEqual(
      expect.stringContaining("writes nothing"),
    );
  });
});
