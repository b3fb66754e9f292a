import { type FakeClock, fakeClock, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../kernel/random.ts";
import { createBlocks } from "./blocks.ts";
import { limitsOf, postgresShares, type TestLimiter, testLimiter } from "./testing.ts";

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

const TERM_MS = 1_000;
const start = (): Promise<TestLimiter<FakeClock>> => testLimiter(db.database, fakeClock(), { termMs: TERM_MS });
const hourly = (amount: number) => limitsOf({ name: "hourly", amount, per: "hour" });
const MINUTE_MS = 60_000;

/** Lets time pass for one node alone, with upkeep ten times in a term. */
async function pass({ limiter, clock }: TestLimiter<FakeClock>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= TERM_MS / 10) {
    clock.advance(Math.min(left, TERM_MS / 10));
    await limiter.upkeep();
  }
}

/** Jumps ahead in time, in which nothing happens. */
async function jump({ limiter, clock }: TestLimiter<FakeClock>, ms: number): Promise<void> {
  clock.advance(ms);
  await limiter.upkeep();
}

describe("what a node leaves behind (C6)", () => {
  test("after a clean stop each unit leaves the window when it would have, and what was not spent is there at once", async () => {
    const limits = hourly(100);
    const leaving = await start();
    for (let index = 0; index < 30; index += 1) await leaving.ask(limits);
    await jump(leaving, 40 * MINUTE_MS);
    for (let index = 0; index < 30; index += 1) await leaving.ask(limits);
    await leaving.limiter.stop();
    const heir = await start();
    expect(await heir.ask(limits, 40)).toMatchObject({ kind: "accepted" });
    expect(await heir.ask(limits, 1)).toMatchObject({ kind: "refused" });
    await jump(heir, 20 * MINUTE_MS);
    expect(await heir.ask(limits, 30)).toMatchObject({ kind: "accepted" });
    expect(await heir.ask(limits, 1)).toMatchObject({ kind: "refused" });
    await heir.limiter.stop();
  });

  test("after a crash nothing is to be had before the lease is over, then all that it may have spent counts", async () => {
    const limits = limitsOf({ name: "burst", amount: 50, per: "second" });
    const crashing = await start();
    for (let index = 0; index < 50; index += 1) await crashing.ask(limits);
    const heir = await start();
    const refused = async (ms: number): Promise<boolean> => {
      await pass(heir, ms);
      return (await heir.ask(limits)).kind === "refused";
    };
    expect(await refused(100)).toBe(true);
    expect(await refused(TERM_MS)).toBe(true);
    // The lease is over; what it may have spent until then stays for a window.
    expect(await refused(900)).toBe(true);
    await pass(heir, 500);
    expect(await heir.ask(limits, 50)).toMatchObject({ kind: "accepted" });
    await heir.limiter.stop();
  });

  test("after a crash what the journal holds keeps its age, unless it may have been spent anew", async () => {
    const [old, recent] = [hourly(100), hourly(100)];
    const crashing = await start();
    for (let index = 0; index < 100; index += 1) await crashing.ask(old);
    await jump(crashing, 30 * MINUTE_MS);
    for (let index = 0; index < 100; index += 1) await crashing.ask(recent);
    await jump(crashing, 11_000);
    await crashing.limiter.upkeep();
    const heir = await start();
    await pass(heir, 2 * TERM_MS);
    await jump(heir, 31 * MINUTE_MS);
    expect(await heir.ask(old, 100)).toMatchObject({ kind: "accepted" });
    expect(await heir.ask(recent, 100)).toMatchObject({ kind: "refused" });
    await jump(heir, 30 * MINUTE_MS);
    expect(await heir.ask(recent, 100)).toMatchObject({ kind: "accepted" });
    await heir.limiter.stop();
  });

  test("units that were spent anew after the journal was written count from the heir's taking over", async () => {
    const limits = limitsOf({ name: "minutely", amount: 10, per: "minute" });
    const crashing = await start();
    await crashing.ask(limits, 10);
    await crashing.limiter.upkeep();
    crashing.clock.advance(11_000);
    await crashing.limiter.upkeep();
    // The journal says 10 units of age 11 s, or less. Renewals go on, and the units are spent once more.
    for (let second = 0; second < 49; second += 1) {
      crashing.clock.advance(1_000);
      await crashing.limiter.upkeep();
    }
    expect(await crashing.ask(limits, 10)).toMatchObject({ kind: "accepted" });
    const heir = await start();
    await pass(heir, 2 * TERM_MS);
    await jump(heir, 50_000);
    expect(await heir.ask(limits, 1)).toMatchObject({ kind: "refused" });
    await jump(heir, 10_000);
    expect(await heir.ask(limits, 10)).toMatchObject({ kind: "accepted" });
    await heir.limiter.stop();
  });

  test("a node that stood still for longer than its term spends nothing of what it had, and then begins anew", async () => {
    const limits = limitsOf({ name: "burst", amount: 50, per: "second" });
    const [still, other] = [await start(), await start()];
    await still.ask(limits, 20);
    for (let round = 0; round < 30; round += 1) {
      still.clock.advance(100);
      await pass(other, 100);
    }
    expect(await other.ask(limits, 50)).toMatchObject({ kind: "accepted" });
    expect(await still.ask(limits, 1)).toMatchObject({ kind: "refused" });
    still.clock.advance(1_000);
    await pass(other, 1_000);
    await still.limiter.upkeep();
    await other.limiter.upkeep();
    expect(await still.ask(limits, 20)).toMatchObject({ kind: "accepted" });
    await Promise.all([still.limiter.stop(), other.limiter.stop()]);
  });
});

describe("the store", () => {
  const share = {
    ...{ counter: "c", key: "key_1", windowMs: 1_000, amount: 50, have: 0, recorded: 0, used: 0, demand: 5 },
    ...{ headroom: 0, mayGrow: true, journal: null },
  };
  const block = {
    ...{ counter: "q", key: "key_1", period: 1, refill: null, amount: 10, demand: 4, headroom: 0 },
    ...{ forgetAt: null, giveBack: null },
  };
  const newHolder = () => ({ id: systemRandom.uuid(), token: systemRandom.uuid(), termMs: TERM_MS, now: 0 });
  const actOf = (holder: string, order: number) => ({ holder, part: 0, epoch: "postgresql:1", order, now: 0 });

  test("gives no share to a holder that was ended, and blocks to anybody", async () => {
    const shares = postgresShares(db.database, fakeClock());
    const blocks = createBlocks(db.database);
    const holder = newHolder();
    await shares.join(holder);
    expect(await shares.exchange(actOf(holder.id, 1), [share])).toMatchObject([{ share: 5 }]);
    expect(await blocks.take([block])).toMatchObject([{ granted: 4 }]);
    await shares.end(holder.id, systemRandom.uuid());
    expect((await shares.renew(holder)).alive).toBe(true);
    await shares.end(holder.id, holder.token);
    expect(await shares.exchange(actOf(holder.id, 2), [share])).toBe("ended");
    expect(await blocks.take([block])).toMatchObject([{ granted: 4 }]);
    expect((await shares.renew(holder)).alive).toBe(false);
    expect(await shares.inherit(actOf(holder.id, 3), 10)).toBe("ended");
  });

  test("what is recorded for a holder beyond its knowledge counts as spent by it", async () => {
    const shares = postgresShares(db.database, fakeClock());
    const holder = newHolder();
    await shares.join(holder);
    // The answer is lost; only the store knows of it.
    await shares.exchange(actOf(holder.id, 1), [{ ...share, demand: 30 }]);
    const answers = await shares.exchange(actOf(holder.id, 2), [{ ...share, demand: 1 }]);
    expect(answers).toMatchObject([{ surplus: 30, share: 31, recorded: 31, unmet: 0 }]);
  });
});
