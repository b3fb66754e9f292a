import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BlockRequest, giveBackBlock, grantShare, type ShareRequest, spentOf, takeBlock } from "./budget.ts";
import { SlidingLog } from "./sliding-log.ts";

const ask = (change: Partial<ShareRequest> = {}): ShareRequest => ({
  ...{
    counter: "c",
    key: "key_1",
    windowMs: 1_000,
    amount: 100,
    have: 0,
    recorded: 0,
    used: 0,
    demand: 0,
    headroom: 0,
    mayGrow: true,
    journal: null,
  },
  ...change,
});
const alone = { own: 0, others: 0, othersCeiling: Number.POSITIVE_INFINITY };

describe("shares of a window (C6)", () => {
  test("what is needed is given where it is free, and of the rest at most half", () => {
    expect(grantShare(ask({ demand: 10, headroom: 16 }), alone)).toMatchObject({ share: 26, unmet: 0 });
    expect(grantShare(ask({ demand: 10, headroom: 99 }), alone)).toMatchObject({ share: 55, unmet: 0 });
    expect(grantShare(ask({ demand: 10 }), { ...alone, others: 95, othersCeiling: 100 })).toMatchObject({
      ...{ share: 5, unmet: 5, others: 95 },
    });
  });

  test("a lowered amount takes away what is not spent, and what is spent stays recorded", () => {
    const record = { own: 80, others: 0, othersCeiling: Number.POSITIVE_INFINITY };
    const narrowed = grantShare(ask({ amount: 10, have: 30, recorded: 80, used: 30, demand: 1 }), record);
    expect(narrowed).toMatchObject({ share: 10, recorded: 30, unmet: 21 });
    expect(grantShare(ask({ amount: 10, demand: 1 }), { own: 0, others: 30, othersCeiling: 10 })).toMatchObject({
      ...{ share: 0, recorded: 0, unmet: 1 },
    });
  });

  test("what may be spent while the answer is on its way stays recorded, whatever lower amount others were given under", () => {
    const record = { own: 40, others: 15, othersCeiling: 20 };
    const cut = grantShare(ask({ have: 40, recorded: 40, used: 10 }), record);
    expect(cut).toMatchObject({ share: 5, recorded: 40 });
    expect(grantShare(ask({ have: 5, recorded: 40, used: 25 }), record)).toMatchObject({ share: 5, recorded: 25 });
  });

  test("while something may be missing in the record, nothing is given beyond what the holder keeps", () => {
    const record = { own: 30, others: 10, othersCeiling: 100 };
    const asked = { have: 20, recorded: 30, used: 20, demand: 50, headroom: 9, mayGrow: false };
    expect(grantShare(ask(asked), record)).toMatchObject({ share: 20, recorded: 20, unmet: 50 });
    expect(grantShare(ask({ demand: 1, used: 5, mayGrow: false }), alone)).toMatchObject({ share: 0, recorded: 0 });
  });

  test("what is recorded without the holder's knowledge counts as spent", () => {
    const answer = grantShare(ask({ have: 5, recorded: 5, used: 5, demand: 1 }), { ...alone, own: 60 });
    expect(answer).toMatchObject({ surplus: 55, share: 61, recorded: 61 });
  });

  test("another holder's lower amount binds as well", () => {
    expect(grantShare(ask({ amount: 200, demand: 99 }), { own: 0, others: 20, othersCeiling: 50 })).toMatchObject({
      ...{ share: 30, unmet: 69 },
    });
  });

  test("shares of one amount never add up to more, whoever asks in whatever order", () => {
    const moves = fc.array(
      fc.record({
        who: fc.integer({ min: 0, max: 3 }),
        demand: fc.integer({ min: 0, max: 40 }),
        headroom: fc.integer({ min: 0, max: 40 }),
        giveBack: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 60 }), (sequence, amount) => {
        const shares = [0, 0, 0, 0];
        for (const { who, demand, headroom, giveBack } of sequence) {
          const own = shares[who] ?? 0;
          const others = shares.reduce((sum, share) => sum + share, 0) - own;
          const have = giveBack ? Math.floor(own / 2) : own;
          const request = ask({ amount, have, recorded: own, used: have, demand, headroom });
          const answer = grantShare(request, { own, others, othersCeiling: amount });
          expect(answer.recorded).toBe(answer.share);
          shares[who] = answer.recorded;
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(amount);
        }
      }),
    );
  });
});

describe("what a holder leaves behind", () => {
  test("units that may have been spent anew after the journal lose their age", () => {
    const journal = [
      [900, 10],
      [100, 20],
    ] as const;
    expect(spentOf({ share: 50, windowMs: 1_000, journal, afterMs: 0 })).toEqual([
      [100, 20],
      [900, 10],
      [0, 20],
    ]);
    expect(spentOf({ share: 50, windowMs: 1_000, journal, afterMs: 200 })).toEqual([
      [300, 20],
      [0, 30],
    ]);
    expect(spentOf({ share: 15, windowMs: 1_000, journal, afterMs: 0 })).toEqual([[100, 15]]);
  });

  test("of a journal with more than the share, the youngest count: the rest was spent under a share that another took over", () => {
    const log = new SlidingLog(60_000);
    log.add(0, 40);
    // The lease is lost, and an heir has these 40; it spends nothing of them before it ends, and they come back as spent later.
    log.addPast(30_000, 5_000, 40);
    const estate = { share: 40, windowMs: 60_000, journal: log.journal(30_000), afterMs: 0 };
    const heir = new SlidingLog(60_000);
    for (const [age, units] of spentOf(estate)) heir.addPast(30_000, age, units);
    expect(heir.used(80_000)).toBe(40);
  });

  test("a group of the journal of which some had left the window before the end counts as spent at that end", () => {
    const log = new SlidingLog(1_000);
    log.add(0, 5);
    log.add(20, 5);
    const journal = log.journal(20);
    expect(log.used(1_005)).toBe(5);
    log.add(1_005, 5);
    const heir = new SlidingLog(1_000);
    const estate = { share: 10, windowMs: 1_000, journal, afterMs: 990 };
    for (const [age, units] of spentOf(estate)) heir.addPast(1_010, age, units);
    expect(heir.used(1_025)).toBeGreaterThanOrEqual(5);
  });

  test("it covers whatever the holder spent until its end, at every later time", () => {
    const spends = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 5 })), {
      maxLength: 60,
    });
    const earlier = fc.array(fc.tuple(fc.nat(999), fc.integer({ min: 1, max: 20 })), { maxLength: 5 });
    fc.assert(
      fc.property(
        spends,
        earlier,
        fc.nat(59),
        fc.integer({ min: 5, max: 30 }),
        fc.nat(500),
        (sequence, before, noted, granted, rest) => {
          const log = new SlidingLog(1_000);
          // The log itself rounds in the safe direction, and to other groups than the heir's.
          const spent: [number, number][] = [];
          // Spent under an earlier share; whoever took that over has left it to this holder, as spent a little later.
          let share = granted;
          for (const [age, units] of before) {
            log.addPast(0, age, units);
            log.addPast(0, Math.floor(age / 2), units);
            spent.push([-Math.floor(age / 2), units]);
            share += units;
          }
          const inWindow = (at: number): number =>
            spent.reduce((sum, [time, units]) => (time + 1_000 > at ? sum + units : sum), 0);
          let now = 0;
          let journal = log.journal(0);
          let notedAt = 0;
          for (const [index, [after, units]] of sequence.entries()) {
            now += after;
            if (log.used(now) + units <= share) {
              log.add(now, units);
              spent.push([now, units]);
            }
            if (index === noted) [journal, notedAt] = [log.journal(now), now];
          }
          const end = now + rest;
          const heir = new SlidingLog(1_000);
          const estate = { share, windowMs: 1_000, journal, afterMs: end - notedAt };
          for (const [age, units] of spentOf(estate)) heir.addPast(end, age, units);
          for (let later = 0; later < 1_100; later += 50) {
            expect(heir.used(end + later)).toBeGreaterThanOrEqual(inWindow(end + later));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("blocks of a quota (C6)", () => {
  const block = (change: Partial<BlockRequest> = {}): BlockRequest => ({
    ...{
      counter: "c",
      key: "key_1",
      period: 5,
      refill: null,
      amount: 100,
      demand: 0,
      headroom: 0,
      forgetAt: null,
      giveBack: null,
    },
    ...change,
  });
  const day = (period: number, amount: number) => ({ every: "day", period, amount }) as const;

  test("blocks shrink as the end comes near, and none goes beyond it", () => {
    expect(takeBlock(block({ demand: 1, headroom: 50 }), null)).toMatchObject({ granted: 13, taken: 13 });
    expect(takeBlock(block({ demand: 1, headroom: 50 }), { taken: 92, refilled: null })).toMatchObject({ granted: 1 });
    expect(takeBlock(block({ demand: 9 }), { taken: 95, refilled: null })).toMatchObject({ granted: 5, taken: 100 });
    expect(takeBlock(block({ demand: 9 }), { taken: 130, refilled: null })).toMatchObject({ granted: 0, taken: 130 });
  });

  test("each refill that is due adds its amount once, up to the amount of the limit", () => {
    const record = { taken: 90, refilled: { every: "day", period: 10 } } as const;
    expect(takeBlock(block({ refill: day(12, 20) }), record)).toMatchObject({ taken: 50, refilled: { period: 12 } });
    expect(takeBlock(block({ refill: day(30, 20) }), record)).toMatchObject({ taken: 0 });
    expect(takeBlock(block({ refill: day(9, 20) }), record)).toMatchObject({ taken: 90, refilled: { period: 10 } });
  });

  test("a refill that is new, or comes at another pace, begins now and gives nothing for the past", () => {
    expect(takeBlock(block({ refill: day(12, 20) }), { taken: 90, refilled: null })).toMatchObject({ taken: 90 });
    const monthly = { taken: 90, refilled: { every: "month", period: 3 } } as const;
    expect(takeBlock(block({ refill: day(12, 20) }), monthly)).toMatchObject({
      ...{ taken: 90, refilled: { every: "day", period: 12 } },
    });
  });

  test("what is left of a block goes back, but not past a refill", () => {
    const record = { taken: 40, refilled: { every: "day", period: 10 } } as const;
    const back = (period: number) => ({ period: 0, refilled: { every: "day", period }, units: 15 }) as const;
    expect(giveBackBlock(record, back(10))).toMatchObject({ taken: 25 });
    expect(giveBackBlock(record, back(9))).toMatchObject({ taken: 40 });
  });
});
