/** Months that are billed: everything is counted once, in its month or carried, and a closed one never changes. */
import { readFile } from "node:fs/promises";
import {
  type MeteringStage,
  openMeteringStage,
  proxyTo,
  type SeededRandom,
  seededRandom,
  silentLogger,
  tamper,
  testBatch,
  testCell,
  testWriter,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase, PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { reconcileUsage } from "../traffic/index.ts";
import { addMetered, beginMetering, closePeriods, MeterFold } from "./index.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function stageOf(): Promise<MeteringStage> {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  return stage;
}

/** A connection of the owner of the tables, who is bound by triggers and, here, by no policy. */
async function asOwner(stage: MeteringStage): Promise<pg.Client> {
  const client = new pg.Client(stage.home.owner);
  await client.connect();
  await client.query("SET search_path = claviger; ALTER TABLE metering NO FORCE ROW LEVEL SECURITY");
  onTestFinished(() => client.end());
  return client;
}

test("accepted and refused requests and cost are metered for key, plan and month; a change of plan begins a row", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount("free");
  const key = await stage.newKey(account);
  await stage.use(key, { requests: 3, cost: 7 });
  await stage.use(key, { requests: 2, cost: 0, code: "RATE_LIMITED" });
  await stage.movePlan(account, "pro");
  await stage.use(key, { requests: 5, cost: 5 });
  await stage.movePlan(account, null);
  await stage.use(key, { requests: 1, cost: 1 });
  const month = stage.names[0];
  const base = { key, period: month, happened: month, counted: month };
  expect(await stage.rows()).toEqual([
    { ...base, plan: "", accepted: 1, refused: 0, cost: 1 },
    { ...base, plan: "free", accepted: 3, refused: 2, cost: 7 },
    { ...base, plan: "pro", accepted: 5, refused: 0, cost: 5 },
  ]);
});

test("what comes late is of its own month while that is open, and afterwards carried to the oldest open one, shown with its own", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount("free"));
  const [june = "", july = "", august = ""] = stage.names;
  const inJune = (stage.months[1] ?? 0) - 3 * HOUR;
  // More than a day late, so that counts by the hour have it in the next month.
  stage.at(1, 30 * HOUR);
  await stage.use(key, { lastAt: inJune, firstAt: inJune });
  stage.at(1, 48 * HOUR);
  await stage.close();
  await stage.use(key, { lastAt: inJune, firstAt: inJune, cost: 9 });
  // A cell that reaches over the end of a month is of the month of its last request.
  await stage.use(key, { firstAt: inJune, lastAt: (stage.months[1] ?? 0) + 1, requests: 4, cost: 4 });
  // No clock is believed that is in the future, or beyond what can be.
  for (const lastAt of [stage.clock.wall() + 40 * DAY, 8.64e15, -1, 0])
    await stage.use(key, { lastAt, requests: 10, cost: 10 });
  const base = { key, plan: "free", refused: 0 };
  expect(await stage.rows()).toEqual([
    { ...base, period: june, happened: june, counted: july, accepted: 1, cost: 1 },
    { ...base, period: july, happened: june, counted: july, accepted: 21, cost: 29 },
    { ...base, period: july, happened: july, counted: july, accepted: 24, cost: 24 },
  ]);
  stage.at(2, 48 * HOUR);
  await stage.close();
  await stage.use(key, { lastAt: inJune, firstAt: inJune });
  expect((await stage.rows()).at(-1)).toEqual({
    ...{ ...base, period: august, happened: june, counted: august, accepted: 1, cost: 1 },
  });
});

test("a closed month takes, changes and loses no row, whoever asks: the database refuses it", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await stage.use(key);
  stage.at(1, 47 * HOUR);
  await stage.close();
  expect(await stage.closed()).toEqual([]);
  await stage.use(key);
  stage.at(1, 48 * HOUR);
  await stage.close();
  const [june = ""] = stage.names;
  expect(await stage.closed()).toEqual([{ period: june, accepted: 1, rows: 1 }]);
  const owner = await asOwner(stage);
  const row = `SELECT period, 'key_other', plan, happened, counted, account_id, environment, 1, 0, 0 FROM metering WHERE period = '${june}-01'`;
  for (const [statement, code] of [
    ["UPDATE metering SET accepted = accepted + 1", "CV004"],
    [`UPDATE metering SET period = period + interval '1 month' WHERE period = '${june}-01'`, "CV004"],
    [`UPDATE metering SET period = '${june}-01', happened = '${june}-01' WHERE period > '${june}-01'`, "CV004"],
    [`INSERT INTO metering ${row}`, "CV004"],
    [`DELETE FROM metering WHERE period = '${june}-01'`, "CV004"],
    ["TRUNCATE metering", "CV002"],
    ["DELETE FROM metering_period", "CV002"],
    ["TRUNCATE metering_period", "CV002"],
    ["UPDATE metering_period SET accepted = accepted + 1 WHERE rows IS NOT NULL", "CV002"],
    ["UPDATE metering_period SET closed_at = NULL", "CV002"],
    // Nor is a month closed out of turn, or before the database's own clock says so.
    [
      `INSERT INTO metering_period (period, closed_at) VALUES ('${june}-01'::date + interval '2 months', now())`,
      "CV005",
    ],
  ]) {
    await expect(owner.query(statement ?? ""), statement).rejects.toMatchObject({ code });
  }
  expect((await stage.rows()).map(({ period, accepted }) => [period, accepted])).toEqual([
    [june, 1],
    [stage.names[1], 1],
  ]);
});

test("a month is closed once, by whichever node comes first, with one audit event; nodes that were down close all that is due", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  for (const month of [0, 1]) {
    stage.at(month, 10 * DAY);
    await stage.use(key, { requests: 2 });
  }
  // Nobody was there for two months.
  stage.at(3, 5 * DAY);
  const writes = Array.from({ length: 5 }, () => stage.use(key));
  await Promise.all([...Array.from({ length: 4 }, () => stage.close()), ...writes]);
  await stage.close();
  const [june = "", july = "", august = ""] = stage.names;
  expect(await stage.closed()).toEqual([
    { period: june, accepted: 2, rows: 1 },
    { period: july, accepted: 2, rows: 1 },
    { period: august, accepted: 0, rows: 0 },
  ]);
  const events = await stage.home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{
      id: string;
    }>`SELECT target_id AS id FROM audit_event WHERE action = 'metering.closed' ORDER BY seq`.execute(tx);
    return rows.map(({ id }) => id);
  });
  expect(events).toEqual([june, july, august]);
});

test("a node whose clock is a month ahead closes nothing that goes on, and meters nothing for a month to come", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  const ahead = systemClock.wall() + 35 * DAY;
  stage.clock.stepWall(ahead - stage.clock.wall());
  await stage.close();
  const nameOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
  const closed = (await stage.closed()).map(({ period }) => period);
  expect(closed.length).toBeGreaterThanOrEqual(stage.months.length);
  // Of the database's clock, which is right here.
  expect(closed.at(-1)?.localeCompare(nameOf(systemClock.wall() - 2 * DAY))).toBe(-1);
  await stage.use(key);
  expect(await stage.rows()).toMatchObject([{ period: nameOf(systemClock.wall()), accepted: 1 }]);
});

test("a closing waits for whoever adds, and what was under way is in the month that it closes", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount(null);
  const key = await stage.newKey(account);
  await stage.use(key);
  stage.at(1, 48 * HOUR);
  const fold = new MeterFold();
  const happenedAt = (stage.months[1] ?? 0) - 1;
  fold.add({ key, account, environment: "live", happenedAt, code: "VALID", requests: 6, cost: 6 }, happenedAt);
  const { database } = stage.home;
  let closing: Promise<void> = Promise.resolve();
  await database.transaction(PLATFORM, async (tx) => {
    await beginMetering(tx);
    closing = stage.close();
    await waitingForLock(stage);
    await addMetered(tx, fold.sorted(), new Map());
  });
  await closing;
  await stage.close();
  expect(await stage.closed()).toEqual([{ period: stage.names[0], accepted: 7, rows: 1 }]);
});

async function waitingForLock(stage: MeteringStage): Promise<void> {
  const owner = new pg.Client(stage.home.owner);
  await owner.connect();
  const waits = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
  await waitFor(async () => (await owner.query(waits)).rows[0]?.n > 0);
  await owner.end();
}

test("while the database is away at the moment of closing nothing closes; once it is back, the month closes with all that waited", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await stage.use(key);
  const proxy = await proxyTo(stage.home.node);
  const away = openDatabase({ connection: proxy.connection, roles: stage.home.roles });
  onTestFinished(async () => {
    await away.close();
    await proxy.close();
  });
  const { clock, ports } = stage;
  const close = () => closePeriods({ act: ports.act, database: away, clock, logger: silentLogger, closeHours: 48 });
  const node = testWriter(away, { clock, retryMs: 5 });
  proxy.cut();
  const waiting = node.write(
    "one",
    testBatch([testCell(key, { requests: 6, firstAt: clock.wall(), lastAt: clock.wall() })]),
  );
  stage.at(1, 48 * HOUR);
  await expect(close()).rejects.toThrow();
  expect(await stage.closed()).toEqual([]);
  proxy.heal();
  await waiting;
  await close();
  // Two rows: what came late is in the next month's counts by day.
  expect(await stage.closed()).toEqual([{ period: stage.names[0], accepted: 7, rows: 2 }]);
});

test("an installation that comes from the version before has its current month metered from counts by day", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount("pro"));
  await stage.use(key, { requests: 4, cost: 9 });
  await stage.use(key, { requests: 3, cost: 0, code: "EXPIRED" });
  const metered = await stage.rows();
  const migration = await readFile(new URL("../../db/migrations/0013_metering.sql", import.meta.url), "utf8");
  const [fill = ""] = /ALTER TABLE usage_day NO FORCE[\s\S]*?ALTER TABLE account FORCE[^;]*;/.exec(migration) ?? [];
  const owner = await asOwner(stage);
  await owner.query("DELETE FROM metering");
  expect(await stage.rows()).toEqual([]);
  await owner.query(fill);
  expect(await stage.rows()).toEqual(metered);
});

test("a flush that is cut off in the middle adds nothing, and once it is tried again, all of it once", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await stage.use(key);
  const owner = await asOwner(stage);
  await owner.query("BEGIN; SELECT FROM metering FOR UPDATE");
  const writing = stage.writer().write("one", testBatch([testCell(key, { requests: 8, lastAt: stage.clock.wall() })]));
  const killed = `SELECT pg_terminate_backend(pid) AS gone FROM pg_stat_activity WHERE datname = current_database()
    AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`;
  // Only its own login sees what a session waits for.
  const likeIt = new pg.Client(stage.home.node);
  await likeIt.connect();
  await waitFor(async () => (await likeIt.query(killed)).rows.length > 0);
  await likeIt.end();
  await owner.query("COMMIT");
  await writing;
  expect((await stage.rows()).map(({ accepted }) => accepted)).toEqual([9]);
});

test("what a node of the version before counts, which knows of no metering, is metered in the month of its day", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount("pro");
  const key = await stage.newKey(account);
  await stage.use(key);
  const [june = "", july = ""] = stage.names;
  const add = (day: string, code: string, requests: number) =>
    stage.home.database.transaction(PLATFORM, (tx) =>
      sql`INSERT INTO usage_day AS t (key_id, starts_at, route, mapped, method, code, account_id, environment, requests, cost,
          status_2xx, status_3xx, status_4xx, status_5xx, durations, duration_ms, duration_max_ms)
        VALUES (${key}, ${day}::timestamptz, '/contacts', true, 'GET', ${code}, ${account}, 'live', ${requests}, ${2 * requests}, 0, 0, 0, 0, 0, 0, 0)
        ON CONFLICT (key_id, starts_at, route, mapped, method, code) DO UPDATE SET requests = t.requests + excluded.requests, cost = t.cost + excluded.cost`.execute(
        tx,
      ),
    );
  const today = `${june}-10T00:00:00Z`;
  await add(today, "VALID", 3);
  await add(today, "VALID", 4);
  await add(today, "EXPIRED", 5);
  stage.at(1, 2 * DAY);
  await stage.close();
  await add(today, "VALID", 1);
  const base = { key, plan: "pro", happened: june, counted: june };
  expect(await stage.rows()).toEqual([
    { ...base, period: june, accepted: 8, refused: 5, cost: 15 },
    { ...base, period: july, accepted: 1, refused: 0, cost: 2 },
  ]);
});

interface Use {
  readonly key: string;
  readonly code: "VALID" | "EXPIRED";
  readonly at: number;
  readonly requests: number;
  readonly cost: number;
}

function randomUse(random: SeededRandom, keys: readonly string[], now: number): Use {
  const code = random.pick(["VALID", "VALID", "EXPIRED"] as const);
  const requests = 1 + random.int(5);
  return {
    ...{ key: random.pick([...keys]), code, requests, cost: code === "VALID" ? random.int(9) : 0 },
    at: now - random.pick([0, random.int(HOUR), random.int(3 * DAY), random.int(60 * DAY)]),
  };
}

test("batches twice, late, over two nodes and over closings: every use is in one month once, and closed months stand still", async (context) => {
  const stage = await stageOf();
  const random = seededRandom(context);
  const account = await stage.newAccount("free");
  const keys = [await stage.newKey(account), await stage.newKey(account), await stage.newKey(account)];
  const writers = [stage.writer(), stage.writer()];
  const began = stage.months[0] ?? 0;
  const uses: Use[] = [];
  const seen = new Map<string, string>();
  for (let month = 0; month < stage.months.length; month += 1) {
    for (const hours of [5, 40, 60, 400]) {
      stage.at(month, hours * HOUR + random.int(HOUR));
      const batches = Array.from({ length: 6 }, () =>
        Array.from({ length: 8 }, () => randomUse(random, keys, stage.clock.wall())),
      );
      const cells = batches.map((batch) =>
        testBatch(
          batch.map(({ key, code, at, requests, cost }) =>
            testCell(key, { code, requests, cost, firstAt: at, lastAt: at }),
          ),
        ),
      );
      const sends = cells.flatMap((batch, n) => {
        const name = `batch-${month}-${hours}-${n}`;
        return Array.from({ length: 1 + random.int(2) }, () => random.pick(writers).write(name, batch));
      });
      await Promise.all([...sends, stage.close(), stage.close()]);
      uses.push(...batches.flat());
      for (const row of await closedRows(stage)) {
        const text = JSON.stringify(row);
        const name = `${row.period} ${row.key} ${row.happened} ${row.counted}`;
        expect(seen.get(name) ?? text).toBe(text);
        seen.set(name, text);
      }
    }
  }
  const sums = (of: readonly { name: string; requests: number; cost: number }[]) => {
    const found = new Map<string, [number, number]>();
    for (const { name, requests, cost } of of) {
      const [a, b] = found.get(name) ?? [0, 0];
      found.set(name, [a + requests, b + cost]);
    }
    return [...found].filter(([, [requests]]) => requests > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  };
  const rows = await stage.rows();
  const month = (at: number): string => new Date(Math.max(at, began)).toISOString().slice(0, 7);
  expect(
    sums(
      rows.flatMap(({ key, happened, accepted, refused, cost }) => [
        { name: `${key} ${happened} VALID`, requests: accepted, cost },
        { name: `${key} ${happened} EXPIRED`, requests: refused, cost: 0 },
      ]),
    ),
  ).toEqual(
    sums(uses.map(({ key, at, code, requests, cost }) => ({ name: `${key} ${month(at)} ${code}`, requests, cost }))),
  );
  expect(rows.some(({ period, happened }) => happened < period)).toBe(true);
  expect(await stage.closed()).toHaveLength(stage.months.length - 1);
  const found = await reconcileUsage(stage.home.database, began, stage.clock.wall());
  expect(found).toMatchObject({ ok: true, months: stage.months.length, differences: [] });
});

test("a closed month that somebody changed behind the service is found, even where counts by day were changed with it", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await stage.use(key, { requests: 5, cost: 5 });
  stage.at(1, 48 * HOUR);
  await stage.close();
  const { owner, database } = stage.home;
  await tamper(owner, "metering", "UPDATE metering SET accepted = 4, cost = 6");
  await tamper(owner, "usage_day", "UPDATE usage_day SET requests = 4, cost = 6");
  const [began = 0] = stage.months;
  const found = await reconcileUsage(database, began, began);
  expect(found).toMatchObject({
    ok: false,
    differences: [
      { between: "periods", of: stage.names[0], code: "VALID", requests: 4, hourRequests: 5, cost: 6, hourCost: 5 },
    ],
  });
});

async function closedRows(stage: MeteringStage) {
  const periods = new Set((await stage.closed()).map(({ period }) => period));
  return (await stage.rows()).filter(({ period }) => periods.has(period));
}
