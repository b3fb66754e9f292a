import { describe, expect, test } from "vitest";
import { files } from "./fixture.ts";
import { migrations } from "./migrations.ts";

const path = (number: string): string => `packages/server/src/db/migrations/${number}_change.sql`;
const found = (text: string, number = "0042"): string[] =>
  migrations(files({ [path(number)]: text })).map(({ line, reason }) => `${line} ${reason.split(":")[0]}`);

describe("a migration that nodes of the version before would trip over is found", () => {
  test.each([
    ["DROP TABLE node;", "1 drops what an older node may still use"],
    ["ALTER TABLE node\n  DROP COLUMN token;", "1 drops what an older node may still use"],
    [
      "-- first\nALTER TABLE node RENAME COLUMN token TO mark;",
      "2 renames what an older node still calls by its old name",
    ],
    ["ALTER TABLE a ALTER COLUMN b TYPE text;", "1 changes the type of a column that an older node writes"],
    ["ALTER TABLE a ALTER COLUMN b SET NOT NULL;", "1 demands what an older node may not write"],
    ["ALTER TABLE a ADD COLUMN b text NOT NULL;", "1 demands what no older node writes"],
    [
      "ALTER TABLE a ADD COLUMN b int NOT NULL DEFAULT 0, ADD COLUMN c text NOT NULL;",
      "1 demands what no older node writes",
    ],
    ["CREATE TABLE t (a int);\n\nREVOKE SELECT ON t FROM {{app}};", "3 takes rights away that an older node may use"],
  ])("%s", (text, reason) => {
    expect(found(text)).toEqual([reason]);
  });

  test("but not of what a function may do later, nor of a right that everybody would have on a new one", () => {
    const made = "CREATE FUNCTION f() RETURNS void AS $$\nBEGIN DROP TABLE a; END $$;";
    expect(found(`${made}\nREVOKE ALL ON FUNCTION f() FROM PUBLIC;`)).toEqual([]);
    expect(found(`${made}\nDROP TABLE b;`)).toEqual(["3 drops what an older node may still use"]);
    expect(found("DO $$ BEGIN DROP TABLE a; END $$;")).toHaveLength(1);
  });

  test("nor of a value that is called like what takes rights away", () => {
    expect(found("CREATE TABLE t (a text CHECK (a IN ('keep', 'revoke')));")).toEqual([]);
    expect(found("REVOKE SELECT ON t FROM {{app}}; SELECT 'revoke';")).toHaveLength(1);
  });

  test("unless it says that nobody needs what it takes away", () => {
    expect(found("-- contracts: unused since 0.4.0\nDROP TABLE node;")).toEqual([]);
    expect(found("-- contracts: soon\nDROP TABLE node;")).toHaveLength(1);
  });
});

test("what only adds is in order, whatever its comments say", () => {
  const text = `-- Does not drop a table; DROP TABLE would be found.
    CREATE TABLE t (a text NOT NULL);
    ALTER TABLE node ADD COLUMN b integer NOT NULL DEFAULT 0 CHECK (b >= 0), ADD COLUMN c text;
    ALTER TABLE node ADD COLUMN d text NOT NULL GENERATED ALWAYS AS (left(c, 2)) STORED;
    CREATE INDEX i ON t (a);`;
  expect(found(text)).toEqual([]);
  expect(found("DROP TABLE node;", "0001")).toEqual([]);
});
