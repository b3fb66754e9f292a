/** Processes that go away with uses in hand are missed, those that hand over are not, and until when counts are complete is known (C7). */
import { silentLogger, type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, PLATFORM } from "../../db/index.ts";
import { Senders } from "./senders.ts";

const HOUR_MS = 3_600_000;

let home: TestDatabase;
beforeEach(async () => {
  home = await testDatabase();
});
afterEach(() => home.drop());

interface Stage {
  readonly senders: Senders;
  readonly time: { now: number; waitingSince: number | null };
}

function node(name: string, now = 1_000_000, database = home.database): Stage {
  const time: Stage["time"] = { now, waitingSince: null };
  const clock = { wall: () => Date.now(), mono: () => time.now };
  const waitingSince = () => time.waitingSince;
  return { senders: new Senders({ database, clock, logger: silentLogger, name, waitingSince }), time };
}

const run = async <T>(text: string): Promise<T[]> =>
  home.database.transaction(PLATFORM, async (tx) => (await sql<T>`${sql.raw(text)}`.execute(tx)).rows);

interface Row {
  readonly node: string;
  readonly itself: boolean;
  readonly gone: boolean;
  readonly lag: number;
}
const rows = () =>
  run<Row>(`SELECT node, id = node AS itself, gone_at IS NOT NULL AS gone, round(extract(epoch FROM told_at - complete_until))::int AS lag
    FROM usage_sender ORDER BY node, itself DESC, gone`);
const losses = () =>
  run<{ path: string; times: number; requests: number }>("SELECT path, times, requests FROM usage_loss ORDER BY path");
/** As if so much more time had passed for the database, for all but these. */
const passes = (hours: number, but = "nobody") =>
  run(`UPDATE usage_sender SET told_at = told_at - interval '${hours} hours', gone_at = gone_at - interval '${hours} hours',
    complete_until = complete_until - interval '${hours} hours' WHERE id <> '${but}'`);

test("a node tells until when all that came to it is written, and never takes that back", async () => {
  const { senders, time } = node("a");
  await senders.tell();
  expect(await rows()).toEqual([{ node: "a", itself: true, gone: false, lag: 1 }]);
  time.waitingSince = time.now;
  time.now += 40_000;
  const [before] = await run<{ at: Date }>("SELECT complete_until AS at FROM usage_sender");
  await senders.tell();
  expect(await run("SELECT complete_until AS at FROM usage_sender")).toEqual([before]);
  time.waitingSince = null;
  await senders.tell();
  expect(await rows()).toMatchObject([{ lag: 1 }]);
});

test("a verifier that says goodbye is not missed; one that stays away is, once, and by the hour after an hour", async () => {
  const { senders, time } = node("a");
  for (const session of ["polite", "killed", "here"]) senders.met(session);
  await senders.tell();
  senders.left("polite");
  senders.gone("killed", time.now - 5_000);
  // Came and went between two times that news are told.
  senders.met("short");
  senders.gone("short", time.now);
  senders.met("shorter");
  senders.left("shorter");
  await senders.tell();
  expect(await rows()).toMatchObject([{ itself: true }, { gone: false }, { gone: true }, { gone: true }]);
  await senders.fold(400);
  expect(await losses()).toEqual([]);
  await passes(2);
  await senders.tell();
  time.now += 61_000;
  await senders.tell();
  await senders.fold(400);
  await senders.fold(400);
  expect(await losses()).toEqual([{ path: "verifier-gone", times: 2, requests: 0 }]);
  expect(await rows()).toHaveLength(2);
});

test("a verifier is where it was met last: one that went over to another node is missed by neither, in whatever order they tell", async () => {
  const [a, b] = [node("a"), node("b", 5_000_000)];
  a.senders.met("mover");
  await a.senders.tell();
  b.senders.met("mover");
  await b.senders.tell();
  a.senders.gone("mover", a.time.now);
  await a.senders.tell();
  expect(await rows()).toMatchObject([
    { node: "a", itself: true },
    { node: "b", itself: true },
    { node: "b", gone: false },
  ]);
  // Late news of an earlier meeting change nothing.
  a.senders.met("mover");
  a.time.now += 60_000;
  await a.senders.tell();
  expect((await rows()).at(-1)).toMatchObject({ node: "b", gone: false });
  // It comes back to where it was missed.
  b.senders.gone("mover", b.time.now);
  await b.senders.tell();
  expect((await rows()).at(-1)).toMatchObject({ node: "b", gone: true });
  b.senders.met("mover");
  await b.senders.tell();
  expect((await rows()).at(-1)).toMatchObject({ node: "b", gone: false });
});

test("a node that stops after it has written everything is not missed, and its verifiers only where no other node meets them", async () => {
  const [a, b] = [node("a"), node("b")];
  for (const session of ["follows", "never seen again"]) a.senders.met(session);
  await a.senders.leave();
  b.senders.met("follows");
  await b.senders.tell();
  expect(await rows()).toMatchObject([
    { node: "a", itself: false, gone: true },
    { node: "b", itself: true },
    { node: "b", gone: false },
  ]);
});

test("a node that is killed, or stops with uses in hand, is missed with the verifiers that came to no other", async () => {
  const [dead, full, here] = [node("dead"), node("full"), node("here")];
  dead.senders.met("followed");
  dead.senders.met("died with it");
  await dead.senders.tell();
  await full.senders.tell();
  full.time.waitingSince = full.time.now;
  await full.senders.leave();
  here.senders.met("followed");
  await here.senders.tell();
  await passes(2, "here");
  here.time.now += 61_000;
  here.senders.met("followed");
  await here.senders.tell();
  await here.senders.fold(400);
  expect(await losses()).toEqual([
    { path: "node-gone", times: 2, requests: 0 },
    { path: "verifier-gone", times: 1, requests: 0 },
  ]);
});

test("nobody is missed after an outage of the database before others had their turn to tell", async () => {
  const [a, b] = [node("a"), node("b")];
  await a.senders.tell();
  await b.senders.tell();
  await passes(3);
  a.time.now += 3 * HOUR_MS;
  // The first of them tells: the other one is as it was before.
  const fresh = node("a", a.time.now);
  await fresh.senders.tell();
  await fresh.senders.fold(400);
  expect(await losses()).toEqual([]);
  await b.senders.tell();
  fresh.time.now += 61_000;
  await fresh.senders.tell();
  await fresh.senders.fold(400);
  expect(await losses()).toEqual([]);
});

test("losses are forgotten with the counts that they are missing in, and news that could not be told come again", async () => {
  let away = true;
  const transaction: Database["transaction"] = (...given) =>
    away ? Promise.reject(new TypeError("away")) : home.database.transaction(...given);
  const { senders, time } = node("a", 1_000_000, { ...home.database, transaction });
  await run(
    "INSERT INTO usage_loss VALUES (now() - interval '401 days', 'node', 5, 1, now(), now()), (now() - interval '399 days', 'node', 5, 1, now(), now())",
  );
  senders.met("somebody");
  senders.met("goes meanwhile");
  await expect(senders.tell()).rejects.toThrow("away");
  senders.left("goes meanwhile");
  away = false;
  await senders.tell();
  time.now += 61_000;
  await senders.tell();
  await senders.fold(400);
  expect(await losses()).toHaveLength(1);
  expect(await rows()).toHaveLength(2);
});
