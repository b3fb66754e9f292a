import type { Limit } from "@claviger/core";
import {
  type FakeClock,
  type FaultyProxy,
  fakeClock,
  proxyTo,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase, PLATFORM } from "../../db/index.ts";
import { decideAt, limitsOf, moment, type TestLimiter, testLimiter } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const second = (amount: number, change: Partial<Limit> = {}): Limit => ({
  name: "burst",
  amount,
  per: "second",
  ...change,
});
const day = (amount: number): Limit => ({ name: "daily", amount, per: "day" });

describe("a limit on one node (C6)", () => {
  test("50 parallel spends on a limit of 10 are accepted exactly 10 times, for each kind of limit (16)", async () => {
    const { ask, limiter } = await testLimiter(db.database, fakeClock());
    for (const per of ["second", "minute", "hour", "day", "month", "lifetime"] as const) {
      const limits = limitsOf({ name: "ten", amount: 10, per });
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => ask(limits)));
      expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(10);
      const code = per === "second" || per === "minute" || per === "hour" ? "RATE_LIMITED" : "QUOTA_EXCEEDED";
      expect(outcomes.filter(({ kind }) => kind === "refused")).toEqual(
        Array(40).fill(expect.objectContaining({ code, limit: limits[0] })),
      );
    }
    await limiter.stop();
  });

  test("a request that one limit refuses spends nothing from the others", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock());
    const limits = limitsOf(second(3), day(100), { name: "credits", amount: 100, per: "lifetime" });
    for (let index = 0; index < 20; index += 1) await ask(limits);
    expect(limiter.peek(limits, moment(clock)).map(({ remaining }) => remaining)).toEqual([0, 97, 97]);
    expect(await ask(limits, 4)).toMatchObject({ kind: "refused", retryAfterMs: null });
    expect(limiter.peek(limits, moment(clock)).map(({ remaining }) => remaining)).toEqual([0, 97, 97]);
    await limiter.stop();
  });

  test("a refusal says when to come back, and then it is accepted, not a millisecond before", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock());
    const limits = limitsOf(second(10), { name: "minutely", amount: 15, per: "minute" });
    expect(await ask(limits, 6)).toMatchObject({ kind: "accepted" });
    clock.advance(300);
    expect(await ask(limits, 4)).toMatchObject({ kind: "accepted" });
    const refused = await ask(limits, 5);
    expect(refused).toMatchObject({ code: "RATE_LIMITED", limit: { name: "burst" }, retryAfterMs: 700 });
    clock.advance(699);
    expect(await ask(limits, 5)).toMatchObject({ kind: "refused", retryAfterMs: 1 });
    clock.advance(1);
    expect(await ask(limits, 5)).toMatchObject({ kind: "accepted" });
    clock.advance(1_000);
    // Units spent within 1/128 of a window of each other leave it together.
    expect(await ask(limits, 1)).toMatchObject({ limit: { name: "minutely" }, retryAfterMs: 58_300 });
    await limiter.stop();
  });

  test("its state shows what remains and when all of it is there again", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock(Date.UTC(2026, 1, 27, 23)));
    const limits = limitsOf(
      second(10),
      day(20),
      { name: "m", amount: 20, per: "month" },
      { name: "l", amount: 20, per: "lifetime" },
    );
    await ask(limits, 3);
    clock.advance(400);
    await ask(limits, 2);
    expect(limiter.peek(limits, moment(clock))).toEqual([
      { name: "burst", limit: 10, remaining: 5, resetAt: clock.wall() + 1_000 },
      { name: "daily", limit: 20, remaining: 15, resetAt: Date.UTC(2026, 1, 28) },
      { name: "m", limit: 20, remaining: 15, resetAt: Date.UTC(2026, 2, 1) },
      { name: "l", limit: 20, remaining: 15, resetAt: null },
    ]);
    await limiter.stop();
  });

  test("memory answers at once where a share covers the cost: no wait, no promise", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock());
    const limits = limitsOf(second(1_000), day(1e6));
    await ask(limits);
    for (let index = 0; index < 4; index += 1) {
      expect(limiter.check(limits, 1, moment(clock))).toEqual({ kind: "accepted" });
    }
    await limiter.stop();
  });

  test("an amount that is lowered holds at once for what was spent before, and one that is raised adds to it", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock());
    for (const [high] of [limitsOf(second(100)), limitsOf(day(100))]) {
      if (high === undefined) throw new TypeError("no limit");
      const low = { ...high, amount: 20 };
      expect(await ask([high], 15)).toMatchObject({ kind: "accepted" });
      expect(await ask([low], 6)).toMatchObject({ kind: "refused" });
      expect(await ask([low], 5)).toMatchObject({ kind: "accepted" });
      expect(await ask([low], 1)).toMatchObject({ kind: "refused" });
      expect(await ask([high], 80)).toMatchObject({ kind: "accepted" });
      expect(await ask([high], 1)).toMatchObject({ kind: "refused" });
      clock.advance(1_000);
    }
    await limiter.stop();
  });

  test("a cost that is no whole number from 1 is the programmer's mistake", async () => {
    const { limiter, clock } = await testLimiter(db.database, fakeClock());
    for (const cost of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => limiter.check(limitsOf(second(1)), cost, moment(clock))).toThrow(TypeError);
    }
    await limiter.stop();
    expect(limiter.check(limitsOf(second(1)), 1, moment(clock))).toMatchObject({ code: "UNAVAILABLE" });
    expect(limiter.check([], 1, moment(clock))).toMatchObject({ kind: "accepted" });
  });
});

describe("memory", () => {
  test("counters that were idle for their window vanish, here and in the store", async () => {
    const { ask, limiter, clock } = await testLimiter(db.database, fakeClock());
    const inherited = limiter.size;
    await ask(limitsOf(second(10), { name: "h", amount: 10, per: "hour" }, day(10)));
    expect(limiter.size).toBe(inherited + 3);
    const rounds = async (ms: number) => {
      clock.advance(ms);
      for (let round = 0; round < 3; round += 1) await limiter.upkeep();
    };
    await waitFor(async () => {
      await rounds(2_000);
      return limiter.size <= inherited + 1;
    });
    await waitFor(async () => {
      await rounds(3_600_000);
      return limiter.size === 0;
    });
    await limiter.stop();
    const left = await db.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("limit_share").select("counter").execute(),
    );
    expect(left).toEqual([]);
  });

  test("a flood of source addresses is bounded for each account, refused beyond, and takes no room from others", async () => {
    const { ask, limiter } = await testLimiter(db.database, fakeClock(), { maxSourcesPerAccount: 5, maxCounters: 20 });
    const from = (account: string, source: number) =>
      limitsOf(second(10)).map((limit) => ({ ...limit, counter: `ip ${account} ${source}`, perSource: account }));
    const flood = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(from("a", index))));
    expect(flood.filter(({ kind }) => kind === "accepted")).toHaveLength(5);
    expect(flood[29]).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 1_000 });
    expect(await ask(from("b", 1))).toMatchObject({ kind: "accepted" });
    expect(await ask(limitsOf(second(10)))).toMatchObject({ kind: "accepted" });
    const many = await Promise.all(Array.from({ length: 30 }, () => ask(limitsOf(second(10)))));
    expect(many.at(-1)).toMatchObject({ code: "UNAVAILABLE" });
    expect(limiter.size).toBe(20);
    await limiter.stop();
  });
});

describe("a database that is gone opens no door (17)", () => {
  async function behindProxy<T>(work: (proxy: FaultyProxy, made: TestLimiter<FakeClock>) => Promise<T>) {
    const proxy = await proxyTo(db.node);
    const database = openDatabase({ connection: proxy.connection, roles: db.roles });
    const made = await testLimiter(database, fakeClock());
    try {
      await work(proxy, made);
    } finally {
      await made.limiter.stop();
      await database.close();
      await proxy.close();
    }
  }

  test("what is reserved is spent, no more, and nothing of a window after its lease", async () => {
    await behindProxy(async (proxy, { ask, limiter, clock }) => {
      const [window, quota] = [limitsOf(second(50)), limitsOf(day(200))];
      await ask(window);
      await ask(quota);
      proxy.cut();
      const spend = async (limits: typeof window) => {
        let accepted = 0;
        for (let last = await ask(limits); last.kind === "accepted"; last = await ask(limits)) accepted += 1;
        return accepted;
      };
      const reserved = [await spend(window), await spend(quota)];
      for (const units of reserved) expect(units).toBeGreaterThan(1);
      for (const units of reserved) expect(units).toBeLessThan(100);
      expect(await ask(quota)).toMatchObject({ code: "UNAVAILABLE" });
      clock.advance(1_000);
      expect(await ask(window)).toMatchObject({ kind: "accepted" });
      clock.advance(4_000);
      await limiter.upkeep();
      expect(await ask(window)).toMatchObject({ code: "UNAVAILABLE" });
      proxy.heal();
      clock.advance(300);
      expect(await ask(window)).toMatchObject({ kind: "accepted" });
      expect(await ask(quota)).toMatchObject({ kind: "accepted" });
    });
  });

  test("one that says nothing more is given up on, and those who wait are refused", async () => {
    await behindProxy(async (proxy, { limiter, clock }) => {
      proxy.freeze();
      const waiting = decideAt(limiter, limitsOf(day(10)), clock);
      const other = limitsOf(second(10));
      expect(limiter.check(other, 1, moment(clock))).toMatchObject({ kind: "wait" });
      await waitFor(() => {
        clock.advance(500);
        const outcome = limiter.check(limitsOf(day(10)), 1, moment(clock));
        return outcome.kind === "refused" && outcome.code === "UNAVAILABLE";
      });
      expect(await waiting).toMatchObject({ code: "UNAVAILABLE" });
      proxy.heal();
      await waitFor(async () => {
        clock.advance(300);
        return (await decideAt(limiter, other, clock)).kind === "accepted";
      });
    });
  });
});
