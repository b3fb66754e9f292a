/**
 * What the pages of a key, an account and the platform really read, at a size at which the planner takes an index wherever there is one:
 * no table that grows is read from end to end, and what is read is bounded (F2, F4).
 */
import { asOwnerOf, type FilledPlatform, fillPlatform, type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM, type Tx } from "../../../db/index.ts";
import { findAccount } from "../../accounts/index.ts";
import { findKey } from "../../keys/index.ts";
import { listStrangers, type StrangerFilter } from "../../traffic/index.ts";
import { selectAccountRefusals, selectFailing } from "../queries/account-page.ts";
import { KEY_SORTS, type KeySort } from "../queries/key-sorts.ts";
import { selectMinutes } from "../queries/series.ts";
import { listKeys } from "../queries.ts";
import { showAccountPage } from "./account-page.ts";
import { showKeyPage } from "./key-page.ts";
import { showOverview } from "./overview.ts";
import type { Period } from "./series.ts";

const PERIODS: readonly Period[] = ["1h", "24h", "7d", "30d", "90d", "12mo"];
const HOUR_MS = 3_600_000;
/** Rows of a partition or table that may be read from end to end: of an empty one, or a small one, nobody uses an index. */
const FEW = 500;
/** As large as what people set up, or as there are hours, whatever the number of keys and uses. */
const SMALL = new Set([
  "usage_total",
  "scope",
  "scope_route",
  "environment",
  "plan",
  "node",
  "member",
  "grant_set",
  "key_tally",
  "usage_sender",
  "usage_loss",
]);

let home: TestDatabase;
let filled: FilledPlatform;
beforeAll(async () => {
  home = await testDatabase();
  filled = await fillPlatform(home);
}, 120_000);
afterAll(() => home.drop());

interface Reads<T> {
  readonly answer: T;
  /** Tables of which much was read without an index, partitions by the name of their table. */
  readonly whole: readonly string[];
  /** Rows and entries of indexes that were looked at, by table. */
  readonly looked: Readonly<Record<string, number>>;
}

interface Touched {
  readonly name: string;
  readonly whole: number;
  readonly looked: number;
}

/** What the database counted for this connection so far. */
async function countersOf(tx: Tx): Promise<ReadonlyMap<string, Touched>> {
  const { rows } = await sql<Touched>`
    SELECT regexp_replace(c.relname, '_[0-9]{6,8}$', '') AS name, sum(pg_stat_get_xact_tuples_returned(c.oid))::int AS whole,
      sum(greatest(pg_stat_get_xact_tuples_returned(c.oid), pg_stat_get_xact_tuples_fetched(c.oid),
        (SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(i.indexrelid)), 0) FROM pg_index i WHERE i.indrelid = c.oid)))::int AS looked
    FROM pg_class c WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind = 'r' GROUP BY 1`.execute(tx);
  return new Map(rows.map((row) => [row.name, row]));
}

/** What the database itself counted while it answered. */
async function readsOf<T>(work: (tx: Tx) => Promise<T>): Promise<Reads<T>> {
  return home.database.transaction(PLATFORM, async (tx) => {
    const before = await countersOf(tx);
    const answer = await work(tx);
    const touched = [...(await countersOf(tx)).values()].map(({ name, whole, looked }) => ({
      ...{ name, whole: whole - (before.get(name)?.whole ?? 0), looked: looked - (before.get(name)?.looked ?? 0) },
    }));
    return {
      answer,
      whole: touched.filter(({ name, whole }) => whole > FEW && !SMALL.has(name)).map(({ name }) => name),
      looked: Object.fromEntries(touched.map(({ name, looked }) => [name, looked])),
    };
  });
}

const now = Date.now();
const keyPage = (id: string, period: Period) => async (tx: Tx) => {
  const key = await findKey(tx, id);
  if (key === null) throw new TypeError("the key is there");
  return showKeyPage(tx, key, period, now);
};
const accountPage = (id: string, period: Period) => async (tx: Tx) => {
  const account = await findAccount(tx, id);
  if (account === null) throw new TypeError("the account is there");
  return showAccountPage(tx, account, period, now);
};

describe("a key's page", () => {
  test.each(PERIODS)("over %s reads what is of the key, by indexes", async (period) => {
    const { answer, whole, looked } = await readsOf(keyPage(filled.usual, period));
    expect(answer.key).toBe(filled.usual);
    expect(whole).toEqual([]);
    const { usage_event: events = 0, ...others } = looked;
    expect(events).toBeLessThan(1_000);
    expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBeLessThan(2_000);
  });

  test("with more single verifications in an hour than are read tells hours, and has read no more", async () => {
    const { answer, whole, looked } = await readsOf(keyPage(filled.busy, "1h"));
    expect(answer.series).toMatchObject({ step: "hour", data: [{}, {}] });
    // The key has most of what there is of that day, so that reading the day may cost less than its index: no more is read by it.
    expect(whole.filter((table) => table !== "usage_event")).toEqual([]);
    expect(looked.usage_event).toBeLessThan(35_000);
  });
});

test("an hour is told by the minute up to 20,000 single verifications, and by one more no longer", async () => {
  const { rows } = await home.database.transaction(PLATFORM, (tx) =>
    sql<{
      at: Date;
    }>`SELECT at FROM usage_event WHERE key_id = ${filled.busy} ORDER BY at OFFSET 19999 LIMIT 2`.execute(tx),
  );
  const minutes = (to: Date | undefined) =>
    home.database.transaction(PLATFORM, (tx) =>
      selectMinutes(tx, filled.busy, { from: new Date(0), to: to ?? new Date(0) }),
    );
  // Exclusive: the first 19,999 are before the 20,000th.
  const [last, beyond] = rows.map(({ at }) => new Date(at.getTime() + 1));
  const told = await minutes(last);
  expect(told?.reduce((sum, { requests }) => sum + requests, 0)).toBe(20_000);
  expect(await minutes(beyond)).toBeNull();
});

describe("an account's page", () => {
  test.each(PERIODS)("over %s reads what is of the account, by indexes, among many others", async (period) => {
    for (const id of [filled.small, filled.big]) {
      const { answer, whole, looked } = await readsOf(accountPage(id, period));
      expect(answer.account).toBe(id);
      expect(whole, id).toEqual([]);
      const keys = answer.keys.total;
      expect(keys).toBe(id === filled.big ? 2_000 : 100);
      for (const [table, count] of Object.entries(looked)) {
        if (!SMALL.has(table)) expect(count, `${id} ${table}`).toBeLessThan(100 + 100 * keys);
      }
    }
  });

  test("adds up all refusals within the bound; beyond it those of the keys refused last, and says so", async () => {
    const [all, cut] = [
      await readsOf((tx) => selectAccountRefusals(tx, filled.big)),
      await readsOf((tx) => selectAccountRefusals(tx, filled.big, 100, 50)),
    ];
    expect(all.answer).toMatchObject({
      keys: 666,
      more: false,
      rows: [{ code: "REVOKED", keys: 666, requests: 66_600 }],
    });
    expect(cut.answer).toMatchObject({ more: true, rows: [{ code: "REVOKED", keys: cut.answer.keys }] });
    expect(cut.answer.keys).toBeGreaterThan(40);
    expect(cut.answer.keys).toBeLessThanOrEqual(50);
    expect(cut.whole).toEqual([]);
    // The bound itself, once more to know of it, and some rows for each of the keys.
    expect(cut.looked.key_outcome).toBeLessThan(101 + 50 * 3);
    expect(cut.looked.key_activity).toBeLessThanOrEqual(55);
    const exact = await readsOf((tx) => selectAccountRefusals(tx, filled.big, 666, 50));
    expect(exact.answer.more).toBe(false);
  });
});

test("keys that fail are looked for among those refused last, and where there are more, that is said", async () => {
  const since = new Date(now - 10 * 24 * HOUR_MS);
  const found = await readsOf((tx) => selectFailing(tx, filled.big, since, 1_000, 0));
  expect(found.answer.more).toBe(false);
  expect(found.answer.rows.length).toBeGreaterThan(10);
  const few = await readsOf((tx) => selectFailing(tx, filled.big, since, 10, 0));
  expect(few.answer.more).toBe(true);
  expect(few.whole).toEqual([]);
  expect(few.looked.key_activity).toBeLessThanOrEqual(15);
  expect(found.answer.rows).toEqual(expect.arrayContaining([...few.answer.rows]));
});

/** Rows at most, however many there are: of each of sixteen views 10,001, of two at once of some. */
const MOST_OF_OVERVIEW = {
  ...{
    usage_hour: 5_010,
    usage_day: 0,
    usage_event: 0,
    usage_facet_hour: 0,
    usage_facet_day: 0,
    key_outcome: 0,
    key_source: 0,
  },
  ...{ stranger_hour: 25 * 200, key_use: 4_000, account: 1_100, api_key: 30_000, key_activity: 30_000 },
};

describe("the overview", () => {
  test.each(PERIODS)("over %s reads no table that grows from end to end", async (period) => {
    const { answer, whole, looked } = await readsOf((tx) => showOverview(tx, period, now));
    for (const [table, most] of Object.entries(MOST_OF_OVERVIEW))
      expect(looked[table] ?? 0, table).toBeLessThanOrEqual(most);
    expect(whole).toEqual([]);
    // More counts than are added up: what is busiest is told of days, and that is said.
    expect(answer.busiest).toMatchObject({ complete: false });
    expect(answer.busiest.keys[0]?.requests).toBe(10_000);
    expect(answer.busiest.keys).toHaveLength(10);
    // Keys that fail are looked for among the 1,000 refused last.
    expect(answer.failing.more).toBe(true);
    expect(answer.failing.keys).toBeLessThanOrEqual(1_000);
  });

  test("counts rows of a view up to 10,000 and says that there are more", async () => {
    const { answer } = await readsOf((tx) => showOverview(tx, "24h", now));
    const full = answer.views.filter(({ more }) => more);
    expect(full.length).toBeGreaterThan(0);
    for (const { total } of full) expect(total).toBe(10_000);
    for (const { total } of answer.views) expect(total).toBeLessThanOrEqual(10_000);
  });
});

const STRANGERS: StrangerFilter = {
  ...{ from: new Date(0), to: new Date(now + HOUR_MS), network: null, code: null, before: null, limit: 50 },
};

describe("a page of what presented no genuine key", () => {
  const filters = {
    all: STRANGERS,
    network: { ...STRANGERS, network: "10.0.33.0/24" },
    reason: { ...STRANGERS, code: "EXPIRED", limit: 5 },
    both: { ...STRANGERS, network: "10.0.7.0/24", code: "EXPIRED", limit: 5 },
  };
  test.each(Object.entries(filters))("by %s reads about as much as it shows, wherever it begins", async (_, filter) => {
    const first = await readsOf((tx) => listStrangers(tx, filter));
    const last = first.answer.at(-1);
    expect(first.answer).toHaveLength(filter.limit);
    expect(first.whole).toEqual([]);
    const next = await readsOf((tx) => listStrangers(tx, { ...filter, before: last ?? null }));
    expect(next.whole).toEqual([]);
    expect(next.answer[0]?.at.getTime()).toBeLessThanOrEqual(last?.at.getTime() ?? 0);
    // An hour has 200 networks at most.
    for (const { looked } of [first, next]) expect(looked.stranger_hour).toBeLessThan(2 * filter.limit + 2 * 200);
  });
});

describe("a search for words (F1)", () => {
  const seek = (q: string, sort: KeySort) => (tx: Tx) =>
    listKeys(tx, { keyId: "key_reader", scopes: new Set() }, { q, sort, limit: 50 }, new Date(now));

  test.each([
    ["what nobody has", "nowhere to be found", 0],
    ["what one key has", "key 7777", 1],
    ["what the name of one account has", "account 77", 50],
  ])("%s reads about as much as there is of it, in every order", async (_, q, most) => {
    for (const sort of KEY_SORTS) {
      const { answer, whole, looked } = await readsOf(seek(q, sort));
      expect(answer.data.length).toBeLessThanOrEqual(most);
      expect(answer.data.length > 0).toBe(most > 0);
      expect(whole).toEqual([]);
      for (const table of ["key_words", "name_words", "account", "member"])
        expect(looked[table] ?? 0).toBeLessThan(1_300);
      expect(looked.api_key ?? 0).toBeLessThan(1_000);
    }
  });

  test("what all keys have is found by looking at keys in order, up to the bound, where the order has an index", async () => {
    for (const sort of KEY_SORTS) {
      if (/requests30d|purpose|storedIn|runbookUrl/.test(sort)) {
        await expect(readsOf(seek("key", sort))).rejects.toMatchObject({ code: "VALIDATION_FAILED" });
        continue;
      }
      const { answer, whole } = await readsOf(seek("key", sort));
      expect(answer.data).toHaveLength(50);
      expect(whole).toEqual([]);
    }
  });
});

describe("without its index", () => {
  const account = (id: () => string) => (tx: Tx) => accountPage(id(), "24h")(tx);
  const cases = [
    ["key_outcome_refused", "key_outcome", account(() => filled.small)],
    ["usage_day_account", "usage_day", account(() => filled.small)],
    ["usage_event_key", "usage_event", (tx: Tx) => keyPage(filled.usual, "1h")(tx)],
    ["key_use_day_busy", "key_use_day", (tx: Tx) => showOverview(tx, "24h", now)],
    ["key_activity_account_refused", "key_activity", (tx: Tx) => selectAccountRefusals(tx, filled.big, 100, 20)],
    ["usage_hour_at", "usage_hour", (tx: Tx) => showOverview(tx, "1h", now)],
    [
      "key_words_words",
      "key_words",
      (tx: Tx) =>
        listKeys(
          tx,
          { keyId: "key_reader", scopes: new Set() },
          { q: "key 7777", sort: "label", limit: 5 },
          new Date(now),
        ),
    ],
    ["stranger_hour_code", "stranger_hour", (tx: Tx) => listStrangers(tx, { ...STRANGERS, code: "EXPIRED", limit: 5 })],
    [
      "stranger_hour_network",
      "stranger_hour",
      (tx: Tx) => listStrangers(tx, { ...STRANGERS, network: "10.0.33.0/24" }),
    ],
  ] as const;
  test.each(cases)("%s, more of %s is read, and these tests would see it", async (index, table, work) => {
    const before = await readsOf(work as (tx: Tx) => Promise<unknown>);
    const definition = await home.database.transaction(PLATFORM, async (tx) => {
      const { rows } = await sql<{
        text: string;
      }>`SELECT pg_get_indexdef(${`claviger.${index}`}::regclass) AS text`.execute(tx);
      return rows[0]?.text.replace(" ON ONLY ", " ON ") ?? "";
    });
    await asOwnerOf(home, [`DROP INDEX ${index}`]);
    const without = await readsOf(work as (tx: Tx) => Promise<unknown>);
    await asOwnerOf(home, [definition]);
    expect(before.whole).not.toContain(table);
    expect(without.looked[table]).toBeGreaterThan(5 * (before.looked[table] ?? 0));
  });
});
