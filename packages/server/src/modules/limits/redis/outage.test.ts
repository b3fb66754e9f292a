import type { AppliedLimit } from "@claviger/core";
import {
  answering,
  type FakeClock,
  type FaultyProxy,
  fakeClock,
  proxyTo,
  type RedisServer,
  redisServer,
  sharesInRedis,
  type TestDatabase,
  testDatabase,
  testRedisClient,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../kernel/clock.ts";
import type { NodeShares, RedisUnavailable } from "../node-shares.ts";
import { limitsOf, type TestLimiter, testLimiter } from "../testing.ts";
import type { RedisClient } from "./redis-client.ts";

const TERM_MS = 1_000;
const HOUR_MS = 3_600_000;

interface Node extends TestLimiter<FakeClock> {
  readonly shares: NodeShares;
  readonly client: RedisClient;
  readonly proxy: FaultyProxy;
}

let db: TestDatabase;
let server: RedisServer;
let nodes: Node[];
let lost: number;
beforeEach(async () => {
  [db, server] = await Promise.all([testDatabase(), redisServer()]);
  nodes = [];
  lost = 0;
});
afterEach(async () => {
  for (const { limiter, client, proxy } of nodes) {
    await limiter.stop();
    client.close();
    await proxy.close();
  }
  await server.stop();
  await db.drop();
});

async function start(whenUnavailable: RedisUnavailable = "refuse", alone?: () => boolean): Promise<Node> {
  const clock = fakeClock();
  const proxy = await proxyTo({ host: "127.0.0.1", port: server.port });
  const client = await testRedisClient(`redis://127.0.0.1:${proxy.connection.port}`);
  const noteLost = (): void => {
    lost += 1;
  };
  const shares = sharesInRedis(client, db.database, clock, { whenUnavailable, lost: noteLost });
  const options = { termMs: TERM_MS, makeShares: () => shares, ...(alone === undefined ? {} : { alone }) };
  const node = { ...(await testLimiter(db.database, clock, options)), shares, client, proxy };
  nodes.push(node);
  // The first renewal learns that Redis answers, the second divides there, the third finds that nothing is missing.
  await pass(400);
  return node;
}

/** Time passes, with upkeep of all ten times in a term. */
async function pass(ms: number, some: readonly Node[] = nodes): Promise<void> {
  for (let left = ms; left > 0; left -= TERM_MS / 10) {
    for (const { clock } of nodes) clock.advance(Math.min(left, TERM_MS / 10));
    for (const { limiter } of some) await limiter.upkeep();
  }
}

/** Whether so much is let through, once whoever has more than it uses has given it back. */
async function isGiven(node: Node, limits: readonly AppliedLimit[], cost: number): Promise<boolean> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    if ((await node.ask(limits, cost)).kind === "accepted") return true;
    await pass(300);
  }
  return false;
}

const perHour = (amount: number) => limitsOf({ name: "hourly", amount, per: "hour" });
const ACCEPTED = { kind: "accepted" };
const UNAVAILABLE = { kind: "refused", code: "UNAVAILABLE" };

describe("where windows are divided", () => {
  test("is Redis once all nodes reach it, and PostgreSQL again for all when one comes that does not know of it", async () => {
    const limits = perHour(100);
    const first = await start();
    expect(first.shares.readings()).toMatchObject({ store: "redis/1", settled: true });
    expect(await first.ask(limits, 60)).toMatchObject(ACCEPTED);
    const other = await testLimiter(db.database, fakeClock(), { termMs: TERM_MS });
    await other.limiter.upkeep();
    await pass(300);
    await other.limiter.upkeep();
    expect(first.shares.readings()).toMatchObject({ store: "postgresql", settled: true });
    expect(await other.ask(limits, 41)).toMatchObject({ code: "RATE_LIMITED" });
    other.clock.advance(500);
    await first.limiter.upkeep();
    await other.limiter.upkeep();
    expect(await other.ask(limits, 20)).toMatchObject(ACCEPTED);
    await other.limiter.stop();
    await pass(500);
    expect(first.shares.readings()).toMatchObject({ store: "redis/1", settled: true });
    expect(await isGiven(first, limits, 21)).toBe(false);
    expect(await isGiven(first, limits, 20)).toBe(true);
    expect(await isGiven(first, limits, 1)).toBe(false);
  });

  test("two nodes share what a plan or an account has, and never have more of it together", async () => {
    const limits = limitsOf({ name: "plan", amount: 40, per: "hour", shared: "account" });
    const [one, two] = [await start(), await start()];
    let accepted = 0;
    for (let round = 0; round < 60; round += 1) {
      for (const node of [one, two]) if ((await node.ask(limits)).kind === "accepted") accepted += 1;
      await pass(100);
    }
    expect(accepted).toBe(40);
  });
});

describe("while Redis gives no answer", () => {
  test("what is held is spent, for longer than a lease, and nothing beyond it is let through", async () => {
    const limits = perHour(1_000);
    const node = await start();
    await node.ask(limits, 10);
    await server.kill9();
    await pass(5 * TERM_MS);
    expect(node.shares.readings().silentParts).toBe(1);
    let accepted = 10;
    while ((await node.ask(limits)).kind === "accepted") accepted += 1;
    expect(accepted).toBeGreaterThan(40);
    expect(accepted).toBeLessThan(500);
    expect(await node.ask(limits)).toMatchObject(UNAVAILABLE);
    await server.restart();
    await answering(node.client);
    await pass(500);
    expect(await node.ask(limits, 1_000 - accepted)).toMatchObject(ACCEPTED);
    expect(await node.ask(limits)).toMatchObject({ code: "RATE_LIMITED" });
  });

  test("where it hangs, one who waits is answered within two seconds, and others at once", async () => {
    const limits = perHour(1_000);
    const node = await start();
    server.signal("SIGSTOP");
    const began = systemClock.mono();
    expect(await node.ask(limits)).toMatchObject(UNAVAILABLE);
    expect(systemClock.mono() - began).toBeLessThan(2_000);
    node.clock.advance(400);
    const again = systemClock.mono();
    expect(await node.ask(limits)).toMatchObject(UNAVAILABLE);
    expect(systemClock.mono() - again).toBeLessThan(100);
    server.signal("SIGCONT");
    await answering(node.client);
    await pass(500);
    expect(await node.ask(limits)).toMatchObject(ACCEPTED);
  });

  test("with `allow`, each node keeps to the whole amount by itself", async () => {
    const [limits, always] = [perHour(5), () => true];
    const [one, two] = [await start("allow", always), await start("allow", always)];
    await server.kill9();
    await pass(500);
    const accepted = async (node: Node): Promise<number> => {
      let count = 0;
      while ((await node.ask(limits)).kind === "accepted") count += 1;
      return count;
    };
    expect([await accepted(one), await accepted(two)]).toEqual([5, 5]);
    expect(await one.ask(limits)).toMatchObject({ code: "RATE_LIMITED" });
  });

  test("with `postgresql`, all go over to it and on exactly, and back once Redis has answered for a while", async () => {
    const limits = perHour(100);
    const [one, two] = [await start("postgresql"), await start("postgresql")];
    expect(await one.ask(limits, 30)).toMatchObject(ACCEPTED);
    await server.kill9();
    await pass(2_000);
    for (const { shares } of [one, two]) {
      expect(shares.readings()).toMatchObject({ store: "postgresql", settled: true });
    }
    expect(await isGiven(two, limits, 30)).toBe(true);
    await server.restart();
    for (const { client } of nodes) await answering(client);
    await pass(5_000);
    expect(one.shares.readings().store).toBe("postgresql");
    await pass(7_000);
    expect(one.shares.readings()).toMatchObject({ store: "redis/1", settled: true });
    expect(await isGiven(one, limits, 41)).toBe(false);
    expect(await isGiven(one, limits, 40)).toBe(true);
    expect(await isGiven(two, limits, 1)).toBe(false);
  });

  test("one node that alone cannot reach it spends what it holds, and the others go on", async () => {
    const limits = perHour(100);
    const [cut, other] = [await start(), await start()];
    await cut.ask(limits, 10);
    cut.proxy.cut();
    await pass(500);
    expect(await other.ask(limits, 30)).toMatchObject(ACCEPTED);
    expect(await cut.ask(limits, 60)).toMatchObject(UNAVAILABLE);
    cut.proxy.heal();
    await answering(cut.client);
    await pass(500);
    expect(await isGiven(cut, limits, 61)).toBe(false);
    expect(await isGiven(cut, limits, 60)).toBe(true);
  });
});

describe("when Redis has lost what was divided", () => {
  test("while all nodes live: they write down what they hold, and go on exactly within a second", async () => {
    const limits = perHour(100);
    const [one, two] = [await start(), await start()];
    expect(await one.ask(limits, 30)).toMatchObject(ACCEPTED);
    expect(await two.ask(limits, 30)).toMatchObject(ACCEPTED);
    await server.command("FLUSHALL");
    await pass(800);
    expect(lost).toBeGreaterThan(0);
    expect(await isGiven(one, limits, 41)).toBe(false);
    expect(await isGiven(one, limits, 40)).toBe(true);
    expect(await isGiven(two, limits, 1)).toBe(false);
  });

  test("and a node with it: nobody is given a fresh amount before the window has passed", async () => {
    const limits = perHour(100);
    const [gone, survivor] = [await start(), await start()];
    expect(await gone.ask(limits, 100)).toMatchObject(ACCEPTED);
    nodes = [survivor];
    await server.command("FLUSHALL");
    await pass(4 * TERM_MS);
    expect(await survivor.ask(limits)).toMatchObject(UNAVAILABLE);
    // A window of a second is past, of an hour not.
    const perSecond = limitsOf({ name: "burst", amount: 5, per: "second" });
    expect(await survivor.ask(perSecond, 5)).toMatchObject(ACCEPTED);
    survivor.clock.advance(HOUR_MS - 10 * TERM_MS);
    await pass(TERM_MS);
    expect(await survivor.ask(limits)).toMatchObject(UNAVAILABLE);
    survivor.clock.advance(HOUR_MS / 5);
    await pass(TERM_MS);
    expect(await survivor.ask(limits, 100)).toMatchObject(ACCEPTED);
    nodes.push(gone);
  });

  test("with everybody gone, the next to start is given no fresh amount either", async () => {
    const limits = perHour(100);
    const gone = await start();
    expect(await gone.ask(limits, 100)).toMatchObject(ACCEPTED);
    nodes = [];
    await server.restart();
    const next = await start();
    await pass(4 * TERM_MS);
    expect(await next.ask(limits)).toMatchObject(UNAVAILABLE);
    nodes.push(gone);
  });

  test("without having lost anything, a node that comes after a crash takes over what it left", async () => {
    const limits = perHour(100);
    const gone = await start();
    expect(await gone.ask(limits, 60)).toMatchObject(ACCEPTED);
    nodes = [];
    const heir = await start();
    await pass(3 * TERM_MS);
    expect(await heir.ask(limits, 41)).toMatchObject({ code: "RATE_LIMITED" });
    await pass(500);
    // The share of whoever is gone was larger than what it had spent, and all of it counts.
    expect(await heir.ask(limits, 20)).toMatchObject(ACCEPTED);
    heir.clock.advance(2 * 60_000);
    await waitFor(async () => {
      await pass(100);
      return !(await server.command("HKEYS", await holdersKey())).includes("\n");
    });
    nodes.push(gone);
  });

  async function holdersKey(): Promise<string> {
    const keys = await server.command("KEYS", "claviger:*:holders");
    return keys.split("\n")[0] ?? "";
  }
});
