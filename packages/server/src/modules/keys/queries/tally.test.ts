/** The tally of keys says the same before, while and after its rows are added up, and ends as one row for each sum that is not zero. */
import { seededRandom, type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../../db/index.ts";
import { foldTally } from "./tally.ts";

let home: TestDatabase;
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(() => home.drop());

interface Row {
  readonly environment: string;
  readonly state: string;
  readonly expiresOn: string;
  readonly keys: number;
}

const nameOf = ({ environment, state, expiresOn }: Row): string => `${environment} ${state} ${expiresOn}`;

async function add(rows: readonly Row[]): Promise<void> {
  await home.database.transaction(PLATFORM, async (tx) => {
    await sql`INSERT INTO key_tally (environment, state, expires_on, keys)
      SELECT r ->> 'environment', r ->> 'state', (r ->> 'expiresOn')::date, (r ->> 'keys')::bigint
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) r`.execute(tx);
  });
}

async function stored(): Promise<Row[]> {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<Row>`
      SELECT environment, state, expires_on::text AS "expiresOn", keys FROM key_tally`.execute(tx);
    return rows;
  });
}

function sums(rows: readonly Row[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(nameOf(row), (found.get(nameOf(row)) ?? 0) + row.keys);
  return new Map([...found].filter(([, keys]) => keys !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("rows that come in while others are added up are neither lost nor counted twice", async (context) => {
  const { pick, int } = seededRandom(context);
  const added: Row[] = [];
  const some = (): Row[] =>
    Array.from({ length: int(200) }, () => ({
      ...{ environment: pick(["live", "test"]), state: pick(["active", "revoked"]) },
      ...{ expiresOn: pick(["2026-03-01", "2026-03-02", "infinity"]), keys: int(5) - 2 },
    }));
  const write = async (): Promise<void> => {
    const rows = some();
    added.push(...rows);
    await add(rows);
  };
  for (let round = 0; round < 12; round += 1) {
    await Promise.all([write(), foldTally(home.database, 1, 1 + int(60)), write(), foldTally(home.database, 1, 50)]);
    expect(sums(await stored())).toEqual(sums(added));
  }
  // All that takes keys away again leaves nothing.
  const opposite = added.map((row) => ({ ...row, keys: -row.keys })).slice(0, added.length - int(50));
  added.push(...opposite);
  await add(opposite);
  await foldTally(home.database, 1, 77);
  const rows = await stored();
  expect(sums(rows)).toEqual(sums(added));
  expect(rows.length).toBe(sums(rows).size);
});

test("few new rows wait for others", async () => {
  const before = await stored();
  await add([{ environment: "live", state: "active", expiresOn: "2026-03-01", keys: 1 }]);
  await foldTally(home.database, 2);
  expect((await stored()).length).toBe(before.length + 1);
  await add([{ environment: "live", state: "active", expiresOn: "2026-03-01", keys: 1 }]);
  await foldTally(home.database, 2);
  expect((await stored()).filter(({ expiresOn }) => expiresOn === "2026-03-01").length).toBeLessThanOrEqual(4);
});
