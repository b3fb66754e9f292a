/** What a caller, a verifier or a clock can do to the tables of usage: no more than their bounds say, and no sum is lost. */
import type { UseCell } from "@claviger/core";
import { type FakeClock, fakeClock, issueKey, type MadeKey, openPlatform, type Platform } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { BOUNDS, DAY_MS, HOUR_MS } from "./bounds.ts";
import { floodWith, testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
let clock: FakeClock;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const database = () => platform.app.database.database;
const newKey = (fields: object = {}): Promise<MadeKey> => issueKey(platform.root, platform.account.id, { ...fields });

async function one<T = Record<string, unknown>>(text: string, key: string): Promise<T | undefined> {
  const [before = "", after = ""] = text.split("$key");
  return database().transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<T>`${sql.raw(before)}${key}${sql.raw(after)}`.execute(tx);
    return rows[0];
  });
}

interface Sizes {
  readonly rows: Record<string, number>;
  readonly requests: Record<string, number>;
}

/** How many rows each table has of the key, and what they add up to. */
async function sizesOf(key: string): Promise<Sizes> {
  const sums = [
    ...["hour", "day"].map((name) => [name, `usage_${name}`, "requests"]),
    ...["facet_hour", "facet_day"].map((name) => [name, `usage_${name}`, "accepted + refused"]),
    ...[
      ["source", "key_source", "accepted + refused"],
      ["outcome", "key_outcome", "requests"],
    ],
  ] as [string, string, string][];
  const sizes: Sizes = { rows: {}, requests: {} };
  for (const [name, table, amount] of sums) {
    const row = await one<{ rows: number; requests: number }>(
      `SELECT count(*)::int AS rows, sum(${amount})::int AS requests FROM ${table} WHERE key_id = $key`,
      key,
    );
    sizes.rows[name] = row?.rows ?? 0;
    sizes.requests[name] = row?.requests ?? 0;
  }
  const events = await one<{ requests: number }>(
    "SELECT sum(stands_for)::int AS requests FROM usage_event WHERE key_id = $key",
    key,
  );
  sizes.requests.events = events?.requests ?? 0;
  return sizes;
}

/** The middle of an hour that was, so that no test runs across the end of one. */
function midHour(): number {
  return Math.floor(systemClock.wall() / HOUR_MS) * HOUR_MS - HOUR_MS / 2;
}

test("a caller with new paths, agents and addresses in every request fills no table, and every request is counted", async () => {
  clock = fakeClock(midHour());
  const [key, other] = [await newKey(), await newKey()];
  const { write } = testWriter(database(), { clock });
  await write(
    null,
    testBatch([testCell(other.id, { ip: "198.51.100.1", agent: "curl/8", route: null, path: "/kept" })]),
  );
  await floodWith(write, { key: key.id, cells: 20_000, clock });
  const full = await sizesOf(key.id);
  expect(full.rows).toEqual({
    ...{ hour: BOUNDS.paths + 1, day: BOUNDS.paths + 1, source: 3 * (BOUNDS.sources + 1), outcome: 1 },
    ...{ facet_hour: 3 * (BOUNDS.facets + 1), facet_day: 3 * (BOUNDS.facets + 1) },
  });
  expect(full.requests).toEqual({
    ...{ hour: 20_000, day: 20_000, source: 60_000, outcome: 20_000, facet_hour: 60_000, facet_day: 60_000 },
    events: 20_000,
  });
  const own = { ip: "198.51.100.1", agent: "curl/8", route: null, path: "/kept" };
  await write(null, testBatch([testCell(other.id, own)]));
  const kept = await one("SELECT requests FROM usage_hour WHERE key_id = $key AND route = '/kept'", other.id);
  expect(kept).toEqual({ requests: 2 });
});

test("a caller that has filled its bound keeps the routes that scopes name apart from all others", async () => {
  clock = fakeClock(midHour());
  const key = await newKey();
  const { write } = testWriter(database(), { clock });
  const paths = Array.from({ length: BOUNDS.paths + 50 }, (_, n) => testCell(key.id, { route: null, path: `/x${n}` }));
  await write(null, testBatch(paths));
  await write(null, testBatch([testCell(key.id, { route: "/contacts/{id}", requests: 7 })]));
  const row = await one(
    "SELECT (SELECT requests::int FROM usage_hour WHERE key_id = k AND route = '/contacts/{id}' AND mapped) AS mapped, (SELECT requests::int FROM usage_hour WHERE key_id = k AND route = '*') AS others, (SELECT count(DISTINCT route)::int FROM usage_hour WHERE key_id = k AND NOT mapped) AS routes FROM (SELECT $key::text AS k) k",
    key.id,
  );
  expect(row).toEqual({ mapped: 7, others: 50, routes: BOUNDS.paths + 1 });
});

test("the sources of a key are the ones seen last: older ones beyond the bound are kept as a sum", async () => {
  clock = fakeClock(midHour());
  const key = await newKey();
  const { write } = testWriter(database(), { clock });
  const cell = (network: number): UseCell =>
    testCell(key.id, { ip: `10.${network >> 8}.${network & 255}.1`, lastAt: clock.wall(), firstAt: clock.wall() });
  for (let at = 0; at < 300; at += 100) {
    clock.advance(1_000);
    await write(null, testBatch(Array.from({ length: 100 }, (_, n) => cell(at + n))));
  }
  await write(null, testBatch([cell(299)]));
  const row = await one(
    "SELECT count(*) FILTER (WHERE value <> '*')::int AS known, sum(accepted)::int AS accepted, min(accepted) FILTER (WHERE value = '10.1.43.0/24')::int AS newest, count(*) FILTER (WHERE value = '10.0.0.0/24')::int AS oldest FROM key_source WHERE kind = 'network' AND key_id = $key",
    key.id,
  );
  expect(row).toEqual({ known: BOUNDS.sources, accepted: 301, newest: 2, oldest: 0 });
});

test("forged keys are counted by network, within a bound, and stored nowhere one by one", async () => {
  clock = fakeClock(midHour() - HOUR_MS);
  const { write } = testWriter(database(), { clock });
  for (let batch = 0; batch < 3; batch += 1) {
    const strangers = Array.from({ length: 500 }, (_, n) => ({
      ...{ ip: `10.${batch}.${n & 255}.${n >> 8}`, code: "NOT_FOUND" as const, count: 2 },
    }));
    await write(null, testBatch([], { strangers }));
  }
  const row = await one(
    "SELECT sum(requests)::int AS requests, count(*)::int AS rows FROM stranger_hour WHERE starts_at = $key::timestamptz",
    new Date(Math.floor(clock.wall() / HOUR_MS) * HOUR_MS).toISOString(),
  );
  expect(row).toEqual({ requests: 3_000, rows: BOUNDS.strangers + 1 });
});

test("keys that there are not, other versions, and keys of another environment than the sender's are not counted", async () => {
  const [live, foreign] = [await newKey(), await newKey({ environment: "test" })];
  const { write, told } = testWriter(database());
  const cells = [
    testCell(live.id, { account: "acct_01K0000000000000000000000A" }),
    ...[testCell(foreign.id), testCell("key_01K0000000000000000000000A"), testCell(live.id, { version: 9 })],
    ...[testCell("'; DROP TABLE usage_hour; --"), testCell(live.id, { version: Number.NaN })],
  ];
  await write(null, testBatch(cells));
  expect(told).toMatchObject({ requests: 1, cellsRefused: 5 });
  const row = await one("SELECT account_id AS account, requests::int FROM usage_hour WHERE key_id = $key", live.id);
  expect(row).toEqual({ account: platform.account.id, requests: 1 });
});

test("absurd values are kept within what can be: numbers, texts, addresses, methods", async () => {
  const key = await newKey();
  const { write, told } = testWriter(database());
  const absurd: Partial<UseCell>[] = [
    { requests: 1e300, cost: Number.POSITIVE_INFINITY, durations: { count: 1e30, totalMs: Number.NaN, maxMs: -5 } },
    { requests: 3, cost: -7, statuses: [Number.NaN, -1, 1.5, 1e40], method: "\u0000\u001f", route: "a\tb\\\n\u001f" },
    { requests: 2, route: null, path: `/${"ü\ud800".repeat(500)}`, ip: "999.1.1.1", service: "*", agent: "\u0000" },
    { requests: 1, ip: "::ffff:203.0.113.1", service: "", firstAt: Number.NaN, lastAt: Number.POSITIVE_INFINITY },
  ];
  const cells = absurd.map((change) => testCell(key.id, change));
  const details = cells.map((_, cell) => ({
    ...{ cell, at: Number.NaN, cost: Number.NaN, requestId: "a\\\t\u0000b", status: 99_999, durationMs: -1 },
  }));
  await write(null, testBatch(cells, { details }));
  await write(null, testBatch([testCell(key.id, { requests: Number.NaN }), testCell(key.id, { requests: -1 })]));
  expect(told).toMatchObject({ refused: 0, cellsRefused: 2 });
  const row = await one(
    "SELECT sum(requests)::text AS requests, sum(cost)::text AS cost, count(*) FILTER (WHERE route ~ '[\\x01-\\x1f]')::int AS bad FROM usage_hour WHERE key_id = $key",
    key.id,
  );
  expect(row).toEqual({ requests: "1000000000006", cost: "1000000000002", bad: 0 });
  const raw = await one(
    "SELECT sum(stands_for)::text AS requests, sum(cost)::text AS cost, max(request_id) AS id FROM usage_event WHERE key_id = $key",
    key.id,
  );
  expect(raw).toEqual({ requests: "1000000000006", cost: "1000000000002", id: "a\\__b" });
});

test("a verifier's clock makes no partition: the late and the future are counted in the hour in which they come", async () => {
  clock = fakeClock(midHour());
  const key = await newKey();
  const { write } = testWriter(database(), { clock });
  const now = clock.wall();
  const times = [now + 30_000, now + 365 * DAY_MS, now - DAY_MS - 1, 0, -1e15, now - 2 * HOUR_MS];
  await write(null, testBatch(times.map((at) => testCell(key.id, { firstAt: at, lastAt: at }))));
  const row = await one(
    "SELECT json_object_agg(extract(epoch FROM starts_at)::bigint * 1000, requests) AS hours FROM usage_hour WHERE key_id = $key",
    key.id,
  );
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  expect(row).toEqual({ hours: { [hour]: 5, [hour - 2 * HOUR_MS]: 1 } });
});
