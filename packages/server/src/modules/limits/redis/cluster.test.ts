import {
  answering,
  ClusterFaults,
  type FakeClock,
  fakeClock,
  type RedisCluster,
  redisCluster,
  seededRandom,
  sharesInRedis,
  simulateLimits,
  type TestDatabase,
  testDatabase,
  testRedisClient,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { NodeShares } from "../node-shares.ts";
import { limitsOf, type TestLimiter, testLimiter } from "../testing.ts";
import type { RedisClient } from "./redis-client.ts";

const PARTS = 16;
const TERM_MS = 1_000;

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

describe("three masters", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await redisCluster();
  }, 60_000);
  afterAll(() => cluster.stop());

  test.for([0, 1])(
    "that lose what they have, or come back empty: never more than the amount in any interval, run %i",
    { timeout: 60_000 },
    (_, context) => simulateLimits(seededRandom(context), 200, db, new ClusterFaults(cluster, { parts: PARTS }), 0.1),
  );
});

describe("three masters with a replica each", () => {
  let cluster: RedisCluster;
  let client: RedisClient;
  let node: TestLimiter<FakeClock>;
  let shares: NodeShares;
  beforeEach(async () => {
    cluster = await redisCluster(1);
    client = await testRedisClient(cluster.url);
    const clock = fakeClock();
    shares = sharesInRedis(client, db.database, clock, { parts: PARTS });
    node = await testLimiter(db.database, clock, { termMs: TERM_MS, makeShares: () => shares });
    await pass(500);
  }, 60_000);
  afterEach(async () => {
    await node.limiter.stop();
    client.close();
    await cluster.stop();
  });

  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= TERM_MS / 10) {
      node.clock.advance(TERM_MS / 10);
      await node.limiter.upkeep();
    }
  }

  async function accepted(limits: Parameters<typeof node.ask>[0]): Promise<number> {
    let count = 0;
    while ((await node.ask(limits)).kind === "accepted") count += 1;
    return count;
  }

  test("counters are spread over all of them, and each is exact", async () => {
    expect(shares.readings()).toMatchObject({ store: "redis/16", settled: true });
    const keys = Array.from({ length: 60 }, () => limitsOf({ name: "hourly", amount: 3, per: "hour" }));
    for (const limits of keys) expect(await accepted(limits)).toBe(3);
    for (const { command } of cluster.servers.slice(0, 3)) {
      expect(Number(await command("DBSIZE"))).toBeGreaterThan(0);
    }
  });

  test("where one is lost its replica takes over, and nobody is given again what was given before", async () => {
    const keys = Array.from({ length: 60 }, () => limitsOf({ name: "hourly", amount: 60, per: "hour" }));
    const before = new Map<(typeof keys)[number], number>();
    for (const limits of keys) {
      for (let count = 0; count < 40; count += 1) await node.ask(limits);
      before.set(limits, 40);
    }
    await cluster.servers[0]?.kill9();
    await answering(client, PARTS);
    await pass(1_500);
    expect(shares.readings()).toMatchObject({ store: "redis/16", settled: true, silentParts: 0 });
    for (const limits of keys) expect((before.get(limits) ?? 0) + (await accepted(limits))).toBe(60);
  }, 60_000);
});
