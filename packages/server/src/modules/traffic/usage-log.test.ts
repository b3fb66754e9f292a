/** What is acknowledged and not counted yet: it is counted once, by whichever node, and is in no other's way. */
import { issueKey, openPlatform, type Platform } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { LOG_FORMAT, packGroup } from "./packed-group.ts";
import { insertLogged } from "./queries/log.ts";
import { reconcileUsage } from "./reconcile-usage.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const database = (): Database => platform.app.database.database;
const NOBODY = { cells: [], uses: new Map(), strangers: [], now: 0 };

async function run(text: string): Promise<readonly unknown[]> {
  return database().transaction(PLATFORM, async (tx) => (await sql`${sql.raw(text)}`.execute(tx)).rows);
}

/** Another node has taken what is in the log, and has not counted it yet. */
async function somebodyCounts(): Promise<() => Promise<unknown>> {
  const packed = await packGroup(NOBODY);
  const id = await database().transaction(PLATFORM, (tx) => insertLogged(tx, LOG_FORMAT, 0, packed));
  await run(`UPDATE usage_log SET claimed_by = 'other', claimed_until = now() + interval '1 hour' WHERE id = ${id}`);
  return () => run(`UPDATE usage_log SET claimed_until = now() - interval '1 second' WHERE id = ${id}`);
}

async function counted(key: string): Promise<{ requests: number; events: number }> {
  const [row] = await run(`SELECT
    (SELECT coalesce(sum(requests), 0)::int FROM usage_hour WHERE key_id = '${key}') AS requests,
    (SELECT coalesce(sum(stands_for), 0)::int FROM usage_event WHERE key_id = '${key}') AS events`);
  return row as { requests: number; events: number };
}

function add(writer: ReturnType<typeof testWriter>["writer"], key: string, batch: string | null): Promise<void> {
  const uses = testBatch(Array.from({ length: 30 }, (_, n) => testCell(key, { requests: 2, cost: 2, route: `/${n}` })));
  const by = { credential: "key_of-a-verifier", environment: "live" };
  return new Promise((resolve) => void writer.add(by, { batch, rows: [], uses }, resolve));
}

test("what a node acknowledged and did not count before it went away is counted by another, once, and no comparison misses it", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const release = await somebodyCounts();
  const [gone, other] = [testWriter(database(), { loggedFrom: 1 }), testWriter(database(), { loggedFrom: 1 })];
  await add(gone.writer, id, "batch-of-a-node-that-goes");
  await gone.writer.countLogged();
  expect(await counted(id)).toEqual({ requests: 0, events: 60 });
  expect(gone.writer.waitingSince).not.toBeNull();
  const now = systemClock.wall();
  expect(await reconcileUsage(database(), now, now)).toMatchObject({ ok: true, differences: [] });
  await release();
  await Promise.all([other.writer.countLogged(true), gone.writer.countLogged(true), other.writer.countLogged(true)]);
  await other.writer.countLogged(true);
  expect(await counted(id)).toEqual({ requests: 60, events: 60 });
  // Sent again, it is known by its name.
  await add(other.writer, id, "batch-of-a-node-that-goes");
  await other.writer.countLogged(true);
  expect(await counted(id)).toEqual({ requests: 60, events: 60 });
  await gone.writer.countLogged();
  expect(gone.writer.waitingSince).toBeNull();
  expect(await reconcileUsage(database(), now, now)).toMatchObject({ ok: true, differences: [] });
  expect([...gone.lines, ...other.lines]).toEqual([]);
});

test("what was logged and cannot be read is set aside and told of, and keeps no other from being counted", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const { writer, lines } = testWriter(database(), { loggedFrom: 1 });
  const release = await somebodyCounts();
  await database().transaction(PLATFORM, (tx) => insertLogged(tx, LOG_FORMAT, 5, Buffer.from("no group")));
  await database().transaction(PLATFORM, (tx) =>
    insertLogged(tx, LOG_FORMAT + 1, 5, Buffer.from("of a later version")),
  );
  await add(writer, id, null);
  await release();
  await writer.settle();
  expect(await counted(id)).toEqual({ requests: 60, events: 60 });
  expect(lines).toEqual(["uses of keys that were logged cannot be counted; they are set aside"]);
  expect(await run("SELECT format, set_aside_at IS NOT NULL AS aside FROM usage_log ORDER BY id")).toEqual([
    { format: LOG_FORMAT, aside: true },
    { format: LOG_FORMAT + 1, aside: false },
  ]);
  await writer.stop();
});

test("a writer that stops has counted what it logged", async () => {
  const { id } = await issueKey(platform.root, platform.account.id);
  const { writer } = testWriter(database(), { loggedFrom: 1 });
  await Promise.all([add(writer, id, null), add(writer, id, null)]);
  await add(writer, id, null);
  await writer.stop();
  expect(await counted(id)).toEqual({ requests: 180, events: 180 });
});
