/** What one node lends to verifiers, and what a verifier that lies gets. */
import type { AppliedLimit, BudgetBody, ResolvedLimit, ShareRequest, WireBlock } from "@claviger/core";
import { type FakeClock, fakeClock, lendingOf, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM } from "../../../db/index.ts";
import { createBlocks } from "../blocks.ts";
import { limitsOf, postgresShares, type TestLimiter, testLimiter } from "../testing.ts";
import type { Borrower, Lending } from "./lending.ts";

const TERM_MS = 1_000;
const DAY_MS = 86_400_000;
const EPOCH = "postgresql:1";

let db: TestDatabase;
let clock: FakeClock;
let lending: Lending;
let node: TestLimiter<FakeClock>;
let shown: readonly ResolvedLimit[][];

beforeEach(async () => {
  db = await testDatabase();
  clock = fakeClock();
  const shares = postgresShares(db.database, clock);
  lending = lendingOf(shares, createBlocks(db.database), clock);
  node = await testLimiter(db.database, clock, { termMs: TERM_MS, makeShares: () => shares });
  shown = [];
});
afterEach(async () => {
  await node.limiter.stop();
  await db.drop();
});

/** A verifier that has been shown the keys of these limits. */
function verifier(session: string, ...keys: (readonly AppliedLimit[])[]): Verifier {
  shown = [...shown, ...keys.map((limits) => [...limits])];
  const borrower: Borrower = {
    ...{ session, credential: "key_verify" },
    limitsOf: async (hash) => keys.find(([first]) => first?.key === hash) ?? [],
  };
  return new Verifier(borrower);
}

/** Says what a test tells it to, true or not. */
class Verifier {
  readonly borrower: Borrower;
  readonly holder = "holder-of-a-verifier";
  #order = 0;

  constructor(borrower: Borrower) {
    this.borrower = borrower;
  }

  async join(holder = this.holder): Promise<void> {
    await this.#hold("join", holder);
    await this.#hold("renew", holder);
  }

  leave(holder = this.holder): Promise<BudgetBody> {
    return this.#hold("leave", holder);
  }

  renew(): Promise<BudgetBody> {
    return this.#hold("renew", this.holder);
  }

  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  divide(limit: AppliedLimit, asked: Partial<ShareRequest>, order = this.nextOrder()): Promise<BudgetBody> {
    const request: ShareRequest = {
      ...{ counter: limit.counter, key: limit.key, windowMs: 60_000, amount: limit.amount, have: 0, recorded: 0 },
      ...{ used: 0, demand: 0, headroom: 0, mayGrow: true, journal: null },
      ...asked,
    };
    const act = { holder: this.holder, part: 0, epoch: EPOCH, order, now: clock.mono() };
    return lending.answer(this.borrower, { act: "divide", ...act, requests: [request] });
  }

  /** The share that it is given. */
  async share(limit: AppliedLimit, asked: Partial<ShareRequest>): Promise<number> {
    const answer = await this.divide(limit, asked);
    return answer.act === "divide" ? (answer.answers[0]?.share ?? Number.NaN) : Number.NaN;
  }

  async take(limit: AppliedLimit, asked: Partial<WireBlock>): Promise<number> {
    const request: WireBlock = {
      ...{ counter: limit.counter, key: limit.key, amount: limit.amount, period: 0, refill: null },
      ...{ demand: 0, headroom: 0, giveBack: null, ...asked },
    };
    const answer = await lending.answer(this.borrower, { act: "take", requests: [request] });
    return answer.act === "take" ? (answer.answers[0]?.granted ?? Number.NaN) : Number.NaN;
  }

  #hold(act: "join" | "renew" | "leave", holder: string): Promise<BudgetBody> {
    return lending.answer(this.borrower, { act, holder, termMs: TERM_MS, now: clock.mono() });
  }
}

/** Holders of verifiers that are remembered. */
async function lentRows(): Promise<number> {
  const rows = await db.database.transaction(PLATFORM, (tx) => tx.selectFrom("limit_lent").selectAll().execute());
  return rows.length;
}

const only = (limits: readonly AppliedLimit[]): AppliedLimit => {
  const [limit] = limits;
  if (limit === undefined) throw new TypeError("no limit");
  return limit;
};
const perMinute = (amount: number) => limitsOf({ name: "minute", amount, per: "minute" });
const credits = (amount: number) => limitsOf({ name: "credits", amount, per: "lifetime" });
const UNAVAILABLE = { code: "UNAVAILABLE" };

describe("what verifiers and their node spend of one limit (C6)", () => {
  test("is never more than its amount; what a verifier that is gone had leaves with its window", async () => {
    const limits = perMinute(60);
    const one = verifier("one", limits);
    await one.join();
    expect(await one.share(only(limits), { demand: 40 })).toBe(40);
    for (let count = 0; count < 20; count += 1) expect(await node.ask(limits)).toMatchObject({ kind: "accepted" });
    expect(await node.ask(limits)).toMatchObject({ code: "RATE_LIMITED" });
    // Nobody hears of it any more.
    for (let passed = 0; passed < 59_000; passed += 500) {
      clock.advance(500);
      await node.limiter.upkeep();
    }
    expect(await node.ask(limits, 21)).toMatchObject({ code: "RATE_LIMITED" });
    clock.advance(5_000);
    await node.limiter.upkeep();
    expect(await node.ask(limits, 60)).toMatchObject({ kind: "accepted" });
    expect(await lentRows()).toBe(0);
  });

  test("what was asked and is carried out late, after the verifier has gone on, changes nothing", async () => {
    const limits = perMinute(60);
    const limit = only(limits);
    const one = verifier("one", limits);
    await one.join();
    expect(await one.share(limit, { demand: 50 })).toBe(50);
    const late = one.nextOrder();
    const back = { have: 2, used: 2, recorded: 50 };
    expect(await one.share(limit, back)).toBe(2);
    expect(await one.share(limit, { have: 2, used: 2, recorded: 2, demand: 30 })).toBe(32);
    await expect(one.divide(limit, back, late)).rejects.toMatchObject(UNAVAILABLE);
    const two = verifier("two", limits);
    await two.join();
    expect(await two.share(limit, { demand: 60 })).toBe(28);
  });

  test("a renewal that is carried out late makes nothing that was spent younger than it is", async () => {
    const one = verifier("one");
    clock.advance(50);
    await one.join();
    const said = clock.mono();
    clock.advance(700);
    await one.renew();
    const { holder } = one;
    await lending.answer(one.borrower, { act: "renew", holder, termMs: TERM_MS, now: said });
    const rows = await db.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("limit_holder").select("renewed_at").where("renewed_at", "=", said).execute(),
    );
    expect(rows).toEqual([]);
  });
});

describe("a verifier that lies", () => {
  test("is lent nothing of keys that it has not been shown, and its want of them concerns nobody", async () => {
    const limits = perMinute(60);
    await node.ask(limits, 30);
    const liar = verifier("liar", perMinute(5));
    await liar.join();
    expect(await liar.share(only(limits), { demand: 10, used: 10 })).toBe(0);
    expect(await liar.share({ ...only(limits), key: only(shown[0] ?? []).key }, { demand: 10 })).toBe(0);
    const claims = [{ counter: only(limits).counter, key: only(limits).key, windowMs: 60_000, units: 60, ceiling: 60 }];
    const act = { holder: liar.holder, part: 0, epoch: EPOCH, order: liar.nextOrder(), now: clock.mono() };
    expect(await lending.answer(liar.borrower, { act: "claim", ...act, last: true, claims })).toEqual({
      ...{ act: "claim", holds: [false] },
    });
    clock.advance(100);
    await node.limiter.upkeep();
    expect(await node.ask(limits, 30)).toMatchObject({ kind: "accepted" });
  });

  test("gets no more than the amount that the node knows, in no other window, and by no other name", async () => {
    const limit = only(perMinute(60));
    const liar = verifier("liar", [limit]);
    await liar.join();
    expect(await liar.share(limit, { amount: 1_000_000, demand: 1_000 })).toBe(60);
    expect(await liar.share(limit, { windowMs: 1_000, demand: 10, counter: `${limit.counter}2` })).toBe(0);
    expect(await liar.share(limit, { demand: 10, counter: `${limit.counter} 4:7f000001` })).toBe(0);
  });

  test("gives back no more than it was lent, so that credits do not grow", async () => {
    const limits = credits(100);
    const limit = only(limits);
    const liar = verifier("liar", limits);
    expect(await liar.take(limit, { demand: 10 })).toBe(10);
    const giveBack = { period: 0, refilled: null, units: 50 };
    await liar.take(limit, { giveBack });
    await liar.take(limit, { giveBack });
    expect(await liar.take(limit, { demand: 200 })).toBe(100);
    expect(await node.ask(limits)).toMatchObject({ code: "QUOTA_EXCEEDED" });
  });

  test("spends no day that is to come, and has nothing refilled ahead", async () => {
    const quota = only(limitsOf({ name: "daily", amount: 10, per: "day" }));
    const filled = only(
      limitsOf({ name: "credits", amount: 10, per: "lifetime", refill: { amount: 5, every: "day" } }),
    );
    const liar = verifier("liar", [quota], [filled]);
    const today = Math.floor(clock.wall() / DAY_MS);
    expect(await liar.take(quota, { demand: 4, period: today })).toBe(4);
    await expect(liar.take(quota, { demand: 4, period: today + 2 })).rejects.toMatchObject(UNAVAILABLE);
    const refill = (period: number) => ({ amount: 1_000, every: "day", period }) as const;
    expect(await liar.take(filled, { demand: 10, refill: refill(today) })).toBe(10);
    await expect(liar.take(filled, { demand: 5, refill: refill(today + 2) })).rejects.toMatchObject(UNAVAILABLE);
    expect(await liar.take(filled, { demand: 5, refill: refill(today) })).toBe(0);
  });

  test("acts for no holder but its own", async () => {
    const limits = perMinute(60);
    const [honest, liar] = [verifier("honest", limits), verifier("liar", limits)];
    await honest.join();
    expect(await honest.share(only(limits), { demand: 10 })).toBe(10);
    await liar.leave(honest.holder);
    expect(await honest.renew()).toMatchObject({ act: "renew", alive: true });
    expect(await liar.divide(only(limits), { demand: 1 })).toEqual({ act: "gone", why: "ended" });
  });

  test("begins only so many holders, and is told at once of an epoch or a part that cannot be", async () => {
    const limits = perMinute(60);
    const liar = verifier("liar", limits);
    for (let count = 0; count < 6; count += 1) await liar.join(`holder-of-a-verifier-${count}`);
    await expect(liar.join("holder-of-a-verifier-7")).rejects.toMatchObject(UNAVAILABLE);
    for (const [part, epoch] of [
      [3, EPOCH],
      [0, "redis:1:x"],
      [0, "nonsense"],
    ] as const) {
      const act = { holder: liar.holder, part, epoch, order: liar.nextOrder(), now: clock.mono() };
      const request = { counter: only(limits).counter, key: only(limits).key, windowMs: 60_000, amount: 60, have: 0 };
      const requests = [{ ...request, recorded: 0, used: 0, demand: 1, headroom: 0, mayGrow: true, journal: null }];
      expect(await lending.answer(liar.borrower, { act: "divide", ...act, requests })).toEqual({
        ...{ act: "gone", why: "moved" },
      });
    }
  });
});
