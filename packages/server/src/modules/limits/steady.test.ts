import { type AppliedLimit, WINDOW_MS } from "@claviger/core";
import {
  type FakeClock,
  fakeClock,
  type RedisServer,
  redisServer,
  sharesInRedis,
  type TestDatabase,
  testDatabase,
  testRedisClient,
  waitFor,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fullestWindow, limitsOf, type MakeShares, type Spent, type TestLimiter, testLimiter } from "./testing.ts";

/** A database for each test: clocks over one must run alike, and each test's run on their own. */
let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

type Per = "second" | "minute" | "hour";

/** A round of upkeep as often as its cost in a simulation allows, ten in a term. */
const upkeepMs = (per: Per): number => Math.max(500, (WINDOW_MS[per] ?? 0) / 40);
const node = (per: Per, makeShares?: MakeShares): Promise<TestLimiter<FakeClock>> =>
  testLimiter(db.database, fakeClock(), {
    termMs: 10 * upkeepMs(per),
    ...(makeShares === undefined ? {} : { makeShares }),
  });

/** Requests at even distances on nodes in turn, upkeep when it is due. Returns what was accepted. */
async function demand(
  nodes: readonly TestLimiter<FakeClock>[],
  per: Per,
  limits: readonly AppliedLimit[],
  spacingMs: number,
  forMs: number,
  cost = 1,
): Promise<Spent[]> {
  const accepted: Spent[] = [];
  const everyMs = upkeepMs(per);
  const count = Math.floor(forMs / spacingMs);
  let upkeepAt = everyMs;
  for (let index = 0; index < count; index += 1) {
    const at = index * spacingMs;
    for (const { clock } of nodes) clock.advance(at - (clock.mono() - BEGIN));
    if (at >= upkeepAt) {
      for (const { limiter } of nodes) await limiter.upkeep();
      upkeepAt = at + everyMs;
    }
    const node = nodes[index % nodes.length];
    if (node !== undefined && (await isAccepted(node, limits, cost))) accepted.push({ at, units: cost });
  }
  return accepted;
}

/** Set to see the shares that were admitted. */
const print = process.env.CLAVIGER_TEST_PRINT !== undefined;

/** While an exchange is under way in the database, the clocks of a simulation may leap over the time in which it is to end. */
async function isAccepted(
  asked: TestLimiter<FakeClock>,
  limits: readonly AppliedLimit[],
  cost: number,
): Promise<boolean> {
  const decided = await asked.ask(limits, cost);
  if (decided.kind === "accepted" || decided.code !== "UNAVAILABLE") return decided.kind === "accepted";
  const { kind } = await waitFor(async () => {
    const again = await asked.ask(limits, cost);
    return again.kind === "refused" && again.code === "UNAVAILABLE" ? null : again;
  });
  return kind === "accepted";
}

/** What the monotonic clock of `fakeClock` shows at first. */
const BEGIN = 1_000;

const units = (spent: readonly Spent[], from = 0): number =>
  spent.filter(({ at }) => at >= from).reduce((sum, each) => sum + each.units, 0);

describe("under steady demand (C6)", () => {
  const cases: [number, Per, number][] = [
    [1, "second", 20],
    [2, "second", 20],
    [10, "second", 20],
    [1_000, "second", 10],
    [20_000, "second", 4],
    [1, "minute", 8],
    [90, "minute", 4],
    [6_000, "minute", 3],
    [5, "hour", 10],
    [1_000, "hour", 3],
    [1_000_000, "hour", 2],
  ];
  test.each(cases)(
    "of %i per %s at least 0.98 are admitted, whether just that much is asked for or more",
    async (amount, per, windows) => {
      // Of few requests at a distance that does not divide the window, no exact limiter admits more than find room.
      for (const excess of amount < 50 ? [1, 10] : amount < 1e5 ? [1, 1.5, 10] : [1, 1.5]) {
        const only = await node(per);
        const limits = limitsOf({ name: "steady", amount, per });
        const windowMs = WINDOW_MS[per] ?? 0;
        const accepted = await demand([only], per, limits, windowMs / (amount * excess), windowMs * windows);
        expect(fullestWindow(accepted, windowMs)).toBeLessThanOrEqual(amount);
        const share = units(accepted) / (amount * windows);
        if (print) process.stdout.write(`${excess} x ${amount} per ${per}: ${(share * 100).toFixed(2)} %\n`);
        expect(share).toBeGreaterThanOrEqual(0.98);
        await only.limiter.stop();
      }
    },
    60_000,
  );

  test("costs of more than one unit are admitted as well", async () => {
    const only = await node("second");
    const limits = limitsOf({ name: "costly", amount: 1_000, per: "second" });
    const accepted = await demand([only], "second", limits, 5, 10_000, 10);
    expect(fullestWindow(accepted, 1_000)).toBeLessThanOrEqual(1_000);
    expect(units(accepted)).toBeGreaterThanOrEqual(9_800);
    await only.limiter.stop();
  });

  const together: [number, Per, number][] = [
    [10, "second", 20],
    [100, "second", 10],
    [300, "minute", 3],
    [400, "hour", 2],
  ];
  test.each(together)(
    "of %i per %s two nodes that take turns never admit more together, and 0.9 of it from the second window on",
    async (amount, per, windows) => {
      for (const excess of [1, 2]) {
        const nodes = [await node(per), await node(per)];
        const limits = limitsOf({ name: "two", amount, per });
        const windowMs = WINDOW_MS[per] ?? 0;
        const accepted = await demand(nodes, per, limits, windowMs / (amount * excess), windowMs * windows);
        expect(fullestWindow(accepted, windowMs)).toBeLessThanOrEqual(amount);
        const share = units(accepted, windowMs) / (amount * (windows - 1));
        if (print) process.stdout.write(`2 nodes, ${excess} x ${amount} per ${per}: ${(share * 100).toFixed(2)} %\n`);
        expect(share).toBeGreaterThanOrEqual(0.9);
        await Promise.all(nodes.map(({ limiter }) => limiter.stop()));
      }
    },
    60_000,
  );
});

describe("under steady demand, divided in Redis (C6)", () => {
  let server: RedisServer;
  let client: Awaited<ReturnType<typeof testRedisClient>>;
  beforeAll(async () => {
    server = await redisServer();
    client = await testRedisClient(server.url);
  });
  afterAll(async () => {
    client.close();
    await server.stop();
  });

  const cases: [nodes: number, amount: number, per: Per, windows: number][] = [
    [1, 10, "second", 20],
    [1, 1_000, "second", 10],
    [1, 6_000, "minute", 3],
    [1, 1_000, "hour", 3],
    [2, 100, "second", 10],
    [2, 300, "minute", 3],
  ];
  test.each(cases)(
    "%i nodes that take turns never admit more than %i per %s together, and 0.98 of it from the second window on",
    async (count, amount, per, windows) => {
      const makeShares: MakeShares = (database, clock) => sharesInRedis(client, database, clock);
      const nodes = await Promise.all(Array.from({ length: count }, () => node(per, makeShares)));
      // Until all have learnt that all of them reach Redis, and that nothing is missing there.
      for (let round = 0; round < 3; round += 1) for (const { limiter } of nodes) await limiter.upkeep();
      const limits = limitsOf({ name: "redis", amount, per });
      const windowMs = WINDOW_MS[per] ?? 0;
      const accepted = await demand(nodes, per, limits, windowMs / (amount * 2), windowMs * windows);
      expect(fullestWindow(accepted, windowMs)).toBeLessThanOrEqual(amount);
      const share = units(accepted, windowMs) / (amount * (windows - 1));
      if (print) process.stdout.write(`Redis, ${count} nodes, ${amount} per ${per}: ${(share * 100).toFixed(2)} %\n`);
      expect(share).toBeGreaterThanOrEqual(0.98);
      expect(Number(await server.command("DBSIZE"))).toBeGreaterThan(0);
      await Promise.all(nodes.map(({ limiter }) => limiter.stop()));
    },
    60_000,
  );
});
