/** Requests that take longer than their use waits to be handed over: what they were answered is recorded all the same (F4). */
import { issueKey, openPlatform, type Platform } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { HOUR_MS } from "./bounds.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const TABLES = ["usage_hour", "usage_day", "usage_event", "usage_total", "usage_facet_hour", "key_outcome", "endpoint"];

async function contents(): Promise<Record<string, readonly unknown[]>> {
  const { database } = platform.app.database;
  return database.transaction(PLATFORM, async (tx) => {
    const found: Record<string, readonly unknown[]> = {};
    for (const table of TABLES) found[table] = (await sql`SELECT * FROM ${sql.ref(table)}`.execute(tx)).rows;
    return found;
  });
}

test("an answer that comes in a later batch adds its status and duration to the counts of its use, and nothing else", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const { write, told } = testWriter(platform.app.database.database);
  // In the middle of an hour, so that both batches are of it whenever they come.
  const at = Math.floor(systemClock.wall() / HOUR_MS) * HOUR_MS - HOUR_MS / 2;
  const use = testCell(id, { firstAt: at, lastAt: at, route: null, path: "/slow", ip: "192.0.2.7", agent: "acme/1" });
  await write(null, testBatch([use]));
  const before = await contents();
  const durations = { count: 1, totalMs: 4_000, maxMs: 4_000 };
  await write(null, testBatch([{ ...use, requests: 0, cost: 0, statuses: [0, 0, 0, 1], durations }]));
  const { usage_hour: hours, usage_day: days, ...others } = await contents();
  const answer = { status_5xx: 1, durations: 1, duration_ms: 4_000, duration_max_ms: 4_000 };
  expect(hours).toEqual([{ ...(before.usage_hour?.[0] as object), ...answer }]);
  expect(days).toEqual([{ ...(before.usage_day?.[0] as object), ...answer }]);
  expect({ ...others, usage_hour: before.usage_hour, usage_day: before.usage_day }).toEqual(before);
  expect(told).toMatchObject({ requests: 1, events: 1, cellsRefused: 0 });
});

test("a cell that counts nothing at all is refused", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const { write, told } = testWriter(platform.app.database.database);
  await write(null, testBatch([testCell(id, { requests: 0, cost: 0, statuses: [0, 0, 0, 0] })]));
  expect(told).toMatchObject({ requests: 0, events: 0, cellsRefused: 1 });
});
