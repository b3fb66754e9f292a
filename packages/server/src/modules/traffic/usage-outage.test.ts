/** What waits while the database is away: bounded, told of, and written once it is back; what was acknowledged is there. */
import { issueKey, openPlatform, type Platform, proxyTo, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS } from "./bounds.ts";
import { createHandOver } from "./hand-over-uses.ts";
import { keepPartitions } from "./keep-partitions.ts";
import { closeWriting } from "./open-writing.ts";
import { postgresEvents } from "./queries/events.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const database = (): Database => platform.app.database.database;

async function counted(key: string): Promise<{ requests: number; events: number }> {
  return database().transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ requests: number; events: number }>`SELECT
      (SELECT coalesce(sum(requests), 0)::int FROM usage_hour WHERE key_id = ${key}) AS requests,
      (SELECT coalesce(sum(stands_for), 0)::int FROM usage_event WHERE key_id = ${key}) AS events`.execute(tx);
    return rows[0] ?? { requests: -1, events: -1 };
  });
}

async function lostBy(path: string): Promise<number> {
  return database().transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ requests: number }>`
      SELECT coalesce(sum(requests), 0)::int AS requests FROM usage_loss WHERE path = ${path}`.execute(tx);
    return rows[0]?.requests ?? -1;
  });
}

const SENDER = { credential: "key_of-a-verifier", environment: "live" };

test("while the database is away what waits is bounded and told of, and afterwards all that was taken is counted, once", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const proxy = await proxyTo(platform.app.database.node);
  const away = openDatabase({ connection: proxy.connection, roles: platform.app.database.roles });
  const mostBytes = 60_000;
  const { writer, told, lines } = testWriter(away, { mostBytes, retryMs: 20 });
  const acknowledged = new Set<number>();
  proxy.cut();
  let taken = 0;
  const send = (n: number): boolean => {
    const refusal = testCell(id, { code: "EXPIRED" });
    const cells = [testCell(id, { requests: 2 }), refusal];
    const detail = { at: systemClock.wall(), cost: 1, requestId: "r", status: 200, durationMs: 1 };
    const details = [0, 0, 1].map((cell) => ({ cell, ...detail }));
    const given = { batch: `batch-${n}`, rows: [], uses: testBatch(cells, { details }) };
    return writer.add(SENDER, given, () => acknowledged.add(n));
  };
  while (send(taken)) taken += 1;
  for (let more = 0; more < 50; more += 1) expect(send(1_000 + more)).toBe(false);
  expect(writer.waitingBytes).toBeLessThanOrEqual(mostBytes);
  expect(told).toMatchObject({ refused: 51, requests: 0 });
  // Details of successes were given up first, and refusals kept theirs.
  expect(told.leftOut).toBeGreaterThan(0);
  expect(lines.filter((line) => line.startsWith("uses of keys are not taken"))).toHaveLength(1);
  await waitFor(() => lines.includes("uses of keys could not be written; it is tried again"));
  expect(acknowledged.size).toBe(0);
  proxy.heal();
  await waitFor(() => acknowledged.size === taken, { timeoutMs: 20_000 });
  expect(await counted(id)).toEqual({ requests: 3 * taken, events: 3 * taken });
  // Sent again, because an acknowledgement may be lost, it is acknowledged and counted no second time.
  acknowledged.clear();
  send(0);
  await waitFor(() => acknowledged.has(0));
  expect(await counted(id)).toEqual({ requests: 3 * taken, events: 3 * taken });
  expect(writer.waitingBytes).toBe(0);
  await writer.stop();
  await away.close();
  await proxy.close();
});

test("whoever stops a node while the database is away waits for one more try, and what waits is written where it comes back", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const proxy = await proxyTo(platform.app.database.node);
  const away = openDatabase({ connection: proxy.connection, roles: platform.app.database.roles });
  const { writer, lines } = testWriter(away, { retryMs: 600_000 });
  proxy.cut();
  let done = 0;
  const send = (): boolean =>
    writer.add(SENDER, { batch: null, rows: [], uses: testBatch([testCell(id)]) }, () => {
      done += 1;
    });
  send();
  await waitFor(() => lines.length > 0);
  // Both come back at once, though the next try of its own is far away.
  await Promise.all([writer.settle(), writer.settle()]);
  expect(done).toBe(0);
  proxy.heal();
  await writer.settle();
  expect(done).toBe(1);
  proxy.cut();
  send();
  await writer.stop();
  expect(send()).toBe(false);
  expect(lines.at(-1)).toBe("uses of keys could not be written before the stop");
  expect(await counted(id)).toEqual({ requests: 1, events: 1 });
  await away.close();
  await proxy.close();
});

test.each([
  ["counted at once", 1_000],
  ["logged first", 1],
])(
  "a database that goes away at any moment of a write loses nothing and counts nothing twice: %s",
  async (_, loggedFrom) => {
    const { id } = await issueKey(platform.root, platform.account.id);
    const proxy = await proxyTo(platform.app.database.node);
    const away = openDatabase({ connection: proxy.connection, roles: platform.app.database.roles });
    const { writer, write } = testWriter(away, { retryMs: 1, loggedFrom });
    for (let round = 0; round < 25; round += 1) {
      const done = write(
        null,
        testBatch(Array.from({ length: 40 }, (_, n) => testCell(id, { path: `/${n}`, route: null }))),
      );
      for (let turns = 0; turns < round; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      proxy.cut();
      proxy.heal();
      await done;
    }
    await writer.countLogged(true);
    expect(await counted(id)).toEqual({ requests: 1_000, events: 1_000 });
    await writer.stop();
    await away.close();
    await proxy.close();
  },
);

test("a batch that can never be written keeps no other from being written, is not sent for again, and is counted as lost", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const { writer, told } = testWriter(database());
  const row = { key: id, version: 1, account: "x", accepted: 41, refused: 0, firstUsedAt: null, lastUsedAt: null };
  const broken = { ...row, lastRefusedAt: null, lastRefusedCode: "NUL \u0000" as "EXPIRED" };
  let [good, rid] = [0, 0];
  const before = await lostBy("unwritable");
  const before5 = await lostBy("verifier");
  writer.add(SENDER, { batch: "broken-batch", rows: [broken], lost: 5 }, () => {
    rid += 1;
  });
  writer.add(SENDER, { batch: "good-batch", rows: [], uses: testBatch([testCell(id)]) }, () => {
    good += 1;
  });
  await waitFor(() => good === 1);
  await waitFor(async () => (await lostBy("unwritable")) > before);
  await waitFor(async () => (await lostBy("verifier")) === before5 + 5);
  expect(told).toMatchObject({ refused: 1, requests: 1, lost: 46 });
  expect([rid, (await lostBy("unwritable")) - before]).toEqual([1, 41]);
  await writer.stop();
});

test("what a verifier says that it lost is written down once, however often it is sent, and told as it is written", async () => {
  const { writer, told, lines } = testWriter(database());
  const before = await lostBy("verifier");
  const send = (batch: string, lost: number) =>
    new Promise<void>((resolve) => void writer.add(SENDER, { batch, rows: [], uses: null, lost }, resolve));
  await Promise.all([send("loss-batch-1", 5), send("loss-batch-1", 5)]);
  await send("loss-batch-1", 5);
  await send("loss-batch-2", 2);
  expect((await lostBy("verifier")) - before).toBe(7);
  expect(told.lost).toBe(7);
  // Once a minute for each path.
  expect(lines).toEqual(["uses of keys are missing in what is recorded"]);
  await writer.stop();
});

test("a node that stops hands over what its writer had no room for before, and is missed where it cannot", async () => {
  for (const room of [true, false]) {
    const done: string[] = [];
    let tries = 0;
    const handOver = (): boolean => {
      tries += 1;
      return room && tries === 2;
    };
    const note = (what: string) => async () => void done.push(what);
    await closeWriting({
      handOver,
      usage: { settle: note("settled"), stop: note("stopped") },
      senders: { leave: note("left") },
    });
    expect(done).toEqual(["settled", "stopped", ...(room ? ["left"] : [])]);
  }
});

test("what this node had no room for is written down once the writer takes it, once", async () => {
  const { writer } = testWriter(database());
  const before = await lostBy("node");
  const log = { lost: 0, take: () => null };
  let taking = false;
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const handOver = createHandOver({
    log,
    writer: { add: (...given) => taking && writer.add(...given) },
    logger: quiet,
  });
  log.lost = 30;
  expect(handOver()).toBe(false);
  taking = true;
  expect([handOver(), handOver()]).toEqual([true, true]);
  log.lost = 31;
  handOver();
  await writer.settle();
  expect((await lostBy("node")) - before).toBe(31);
  await writer.stop();
});

test("usage that is older than it is to be kept goes by partition, and what is younger stays", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const now = Math.floor(systemClock.wall() / DAY_MS) * DAY_MS + DAY_MS / 2;
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const days = [0, 2, 40, 100, 500];
  for (const day of days) {
    const clock = { wall: () => now - day * DAY_MS, mono: () => 0 };
    const at = clock.wall();
    await testWriter(database(), { clock }).write(null, testBatch([testCell(id, { firstAt: at, lastAt: at })]));
  }
  const keep = (usageEventDays: number, usageCountDays: number) =>
    keepPartitions(
      { database: database(), clock: { wall: () => now, mono: () => 0 }, logger: quiet, events: postgresEvents },
      { usageEventDays, usageCountDays },
    );
  await keep(3_650, 3_650);
  expect(await counted(id)).toEqual({ requests: 5, events: 5 });
  await keep(90, 400);
  expect(await counted(id)).toEqual({ requests: 4, events: 3 });
  await keep(1, 400);
  expect(await counted(id)).toEqual({ requests: 4, events: 1 });
  // Nobody can make the service drop what is of today, nor make room for years.
  const today = new Date(now).toISOString().slice(0, 10);
  const run = (text: string) => database().transaction(PLATFORM, (tx) => sql`${sql.raw(text)}`.execute(tx));
  for (let again = 0; again < 30; again += 1) await run("SELECT drop_usage_partition('2999-01-01', '2999-01-01')");
  await testWriter(database()).write(null, testBatch([testCell(id)]));
  const { rows } = (await run(`SELECT 1 FROM usage_event WHERE at >= '${today}'`)) as { rows: unknown[] };
  expect(rows.length).toBeGreaterThan(0);
  await expect(run("SELECT make_usage_partitions('2999-01-01')")).rejects.toMatchObject({ code: "CV003" });
});
