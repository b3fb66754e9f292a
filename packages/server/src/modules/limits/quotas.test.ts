import { type FakeClock, fakeClock, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { limitsOf, moment, type TestLimiter, testLimiter } from "./testing.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const DAY_MS = 86_400_000;
const day = (amount: number) => limitsOf({ name: "daily", amount, per: "day" });
const start = (wall: number): Promise<TestLimiter<FakeClock>> => testLimiter(db.database, fakeClock(wall));

/** Spends until refused; how much that was. */
async function drain({ ask, clock }: TestLimiter<FakeClock>, limits: ReturnType<typeof day>): Promise<number> {
  let accepted = 0;
  for (let last = await ask(limits); last.kind === "accepted"; last = await ask(limits)) accepted += 1;
  // What was found empty is asked for again after a second.
  clock.advance(1_001);
  return accepted;
}

describe("calendar quotas (C6)", () => {
  test("exactly the amount is admitted in each UTC day, and the refusal lasts until midnight", async () => {
    const node = await start(Date.UTC(2026, 4, 31, 23, 0));
    const limits = day(500);
    expect(await drain(node, limits)).toBe(500);
    expect(await node.ask(limits)).toMatchObject({ code: "QUOTA_EXCEEDED", retryAfterMs: 3_600_000 - 1_001 });
    node.clock.advance(3_600_000);
    expect(await drain(node, limits)).toBe(500);
    await node.limiter.stop();
  });

  test("months end where they end in UTC", async () => {
    const node = await start(Date.UTC(2028, 1, 29, 23, 59, 59));
    const limits = limitsOf({ name: "monthly", amount: 20, per: "month" });
    expect(await drain(node, limits)).toBe(20);
    expect(await drain(node, limits)).toBe(20);
    expect(node.limiter.peek(limits, moment(node.clock))[0]?.resetAt).toBe(Date.UTC(2028, 3, 1));
    await node.limiter.stop();
  });

  test("a clock set back goes on where that day was left; one set forward spends what the day to come has", async () => {
    const node = await start(Date.UTC(2026, 0, 10, 12));
    const limits = day(30);
    expect(await drain(node, limits)).toBe(30);
    node.clock.stepWall(-DAY_MS);
    expect(await drain(node, limits)).toBe(30);
    node.clock.stepWall(DAY_MS);
    expect(await drain(node, limits)).toBe(0);
    node.clock.stepWall(DAY_MS);
    expect(await drain(node, limits)).toBe(30);
    node.clock.stepWall(-DAY_MS);
    expect(await drain(node, limits)).toBe(0);
    node.clock.stepWall(DAY_MS);
    expect(await drain(node, limits)).toBe(0);
    await node.limiter.stop();
  });

  test("what a node gives back when it stops or is idle is there for others, and nothing twice", async () => {
    const [one, two] = [await start(Date.UTC(2026, 0, 10)), await start(Date.UTC(2026, 0, 10))];
    const limits = day(1_000);
    for (let index = 0; index < 10; index += 1) await one.ask(limits);
    for (let index = 0; index < 10; index += 1) await two.ask(limits);
    await one.limiter.stop();
    expect(await drain(two, limits)).toBe(980);
    await two.limiter.stop();
  });

  test("a node that crashes loses what was left of its block and no more, and gives nothing twice", async () => {
    const limits = day(1_000);
    const crashing = await start(Date.UTC(2026, 0, 10));
    for (let index = 0; index < 100; index += 1) await crashing.ask(limits);
    const heir = await start(Date.UTC(2026, 0, 10));
    const left = await drain(heir, limits);
    expect(left).toBeLessThanOrEqual(900);
    expect(left).toBeGreaterThanOrEqual(900 - 1_000 / 4);
    await heir.limiter.stop();
  });

  test("past periods are forgotten, but not so soon that a clock set back would open them again", async () => {
    const node = await start(Date.UTC(2027, 0, 1));
    const limits = day(10);
    expect(await drain(node, limits)).toBe(10);
    const later = async (days: number): Promise<number> => {
      node.clock.advance(days * DAY_MS);
      await node.limiter.upkeep();
      const rows = await db.database.transaction(PLATFORM, (tx) =>
        tx
          .selectFrom("limit_quota")
          .select("period")
          .where("counter", "=", limits[0]?.counter ?? "")
          .execute(),
      );
      return rows.length;
    };
    expect(await later(30)).toBe(1);
    node.clock.stepWall(-30 * DAY_MS);
    expect(await drain(node, limits)).toBe(0);
    node.clock.stepWall(30 * DAY_MS);
    expect(await later(10)).toBe(0);
    await node.limiter.stop();
  });
});

describe("lifetime credits (C6)", () => {
  const credits = (amount: number, refill?: { amount: number; every: "day" | "month" }) =>
    limitsOf({ name: "credits", amount, per: "lifetime", refill });

  test("they never come back by themselves", async () => {
    const node = await start(Date.UTC(2026, 0, 10));
    const limits = credits(50);
    expect(await drain(node, limits)).toBe(50);
    node.clock.advance(400 * DAY_MS);
    await node.limiter.upkeep();
    expect(await node.ask(limits)).toMatchObject({ code: "QUOTA_EXCEEDED", retryAfterMs: null });
    await node.limiter.stop();
  });

  test("a refill adds its amount each day, up to the amount of the limit and not beyond", async () => {
    const node = await start(Date.UTC(2026, 0, 10));
    const limits = credits(50, { amount: 20, every: "day" });
    expect(await drain(node, limits)).toBe(50);
    node.clock.advance(DAY_MS);
    expect(await drain(node, limits)).toBe(20);
    node.clock.advance(30 * DAY_MS);
    expect(await drain(node, limits)).toBe(50);
    await node.limiter.stop();
  });

  test("a clock that goes back and forth refills no day twice", async () => {
    const node = await start(Date.UTC(2026, 0, 10));
    const limits = credits(50, { amount: 20, every: "day" });
    expect(await drain(node, limits)).toBe(50);
    for (const days of [1, -1, 1, -3, 3]) {
      node.clock.stepWall(days * DAY_MS);
      const expected = days === 1 && node.clock.wall() < Date.UTC(2026, 0, 11, 0, 0, 2) ? 20 : 0;
      expect(await drain(node, limits)).toBe(expected);
    }
    await node.limiter.stop();
  });

  test("what another node held in its block through a refill does not add to it", async () => {
    const [one, two] = [await start(Date.UTC(2026, 0, 10)), await start(Date.UTC(2026, 0, 10))];
    const limits = credits(800, { amount: 800, every: "day" });
    await one.ask(limits);
    one.clock.advance(DAY_MS);
    two.clock.advance(DAY_MS);
    const [second, first] = [await drain(two, limits), await drain(one, limits)];
    expect(first + second).toBe(800);
    await Promise.all([one.limiter.stop(), two.limiter.stop()]);
  });
});
