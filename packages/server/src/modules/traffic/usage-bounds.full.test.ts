/** A million requests of one key, no two from the same network, to the same path or by the same agent. */
import { fakeClock, issueKey, openPlatform, type Platform } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { BOUNDS, HOUR_MS } from "./bounds.ts";
import { reconcileUsage } from "./reconcile-usage.ts";
import { floodWith, testWriter } from "./testing.ts";

const CELLS = 1_000_000;

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

test("a million distinct paths, agents and addresses leave rows within the bounds, and every request is counted", {
  timeout: 900_000,
}, async () => {
  const { database } = platform.app.database;
  const clock = fakeClock(Math.floor(systemClock.wall() / HOUR_MS) * HOUR_MS - HOUR_MS / 2);
  const { id: key } = await issueKey(platform.root, platform.account.id);
  const { write } = testWriter(database, { clock });
  await floodWith(write, { key, cells: CELLS, clock });
  const count = async (table: string): Promise<{ rows: number; requests: number }> => {
    const byKind = table.startsWith("usage_facet") || table === "key_source";
    const amount = byKind ? "accepted + refused" : "requests";
    // Not every network is known to be in a country.
    const which = byKind ? "kind IN ('network', 'agent', 'service')" : "true";
    return database.transaction(PLATFORM, async (tx) => {
      const found = await sql<{ rows: number; requests: number }>`
        SELECT count(*) AS rows, sum(${sql.raw(amount)})::bigint AS requests FROM ${sql.table(table)} WHERE key_id = ${key} AND ${sql.raw(which)}`.execute(
        tx,
      );
      return found.rows[0] ?? { rows: 0, requests: 0 };
    });
  };
  const kinds = 3;
  for (const table of ["usage_hour", "usage_day"]) {
    expect(await count(table), table).toEqual({ rows: BOUNDS.paths + 1, requests: CELLS });
  }
  for (const table of ["usage_facet_hour", "usage_facet_day"]) {
    expect(await count(table), table).toEqual({ rows: kinds * (BOUNDS.facets + 1), requests: kinds * CELLS });
  }
  expect(await count("key_source")).toEqual({ rows: kinds * (BOUNDS.sources + 1), requests: kinds * CELLS });
  const [endpoints] = await database.transaction(PLATFORM, async (tx) => {
    const found = await sql<{ rows: number }>`SELECT count(*) AS rows FROM endpoint WHERE environment = 'live'`.execute(
      tx,
    );
    return found.rows;
  });
  expect(endpoints?.rows).toBeLessThanOrEqual(BOUNDS.endpoints + 1);
  expect(await reconcileUsage(database, clock.wall(), clock.wall())).toMatchObject({ ok: true, requests: CELLS });
});
