import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SlidingLog } from "./sliding-log.ts";

const WINDOW = 1_000;
type Spent = { readonly at: number; readonly units: number };

/** The most units in any interval [t, t + WINDOW). An interval that begins with a unit holds the most. */
function fullest(spent: readonly Spent[]): number {
  const sums = spent.map(({ at: from }) =>
    spent.filter(({ at }) => at >= from && at < from + WINDOW).reduce((sum, { units }) => sum + units, 0),
  );
  return Math.max(0, ...sums);
}

const steps = fc.array(
  fc.record({
    after: fc.oneof(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 1_200 }),
      fc.double({ min: 0, max: 9, noNaN: true }),
    ),
    cost: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 300 },
);

describe("what was spent within a window (C6)", () => {
  test("kept under an amount, no interval [t, t + window) ever holds more", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 40 }), (sequence, amount) => {
        const log = new SlidingLog(WINDOW);
        const spent: Spent[] = [];
        let now = 0;
        for (const { after, cost } of sequence) {
          now += after;
          if (log.used(now) + cost > amount) continue;
          log.add(now, cost);
          spent.push({ at: now, units: cost });
        }
        expect(fullest(spent)).toBeLessThanOrEqual(amount);
      }),
      { numRuns: 500 },
    );
  });

  test("it is never less than the truth, and more by what is spent within 1/128 of the window at most", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const log = new SlidingLog(WINDOW);
        const spent: Spent[] = [];
        let now = 0;
        for (const { after, cost } of sequence) {
          now += after;
          const since = (ms: number) =>
            spent.filter(({ at }) => at + ms > now).reduce((sum, { units }) => sum + units, 0);
          expect(log.used(now)).toBeGreaterThanOrEqual(since(WINDOW));
          expect(log.used(now)).toBeLessThanOrEqual(since(WINDOW + WINDOW / 128));
          log.add(now, cost);
          spent.push({ at: now, units: cost });
        }
      }),
    );
  });

  test("two units exactly one window apart are not in one interval", () => {
    const log = new SlidingLog(WINDOW);
    log.add(0, 1);
    expect(log.used(999.999)).toBe(1);
    expect(log.used(1_000)).toBe(0);
  });

  test("it says when enough is free, and not before", () => {
    const log = new SlidingLog(WINDOW);
    for (const at of [0, 100, 200]) log.add(at, 2);
    expect([1, 2, 3, 5, 6].map((units) => log.freeIn(250, units))).toEqual([750, 750, 850, 950, 950]);
    expect(log.freeIn(250, 0)).toBe(0);
    expect(log.used(999)).toBe(6);
    expect(log.used(1_000)).toBe(4);
    expect(log.emptyIn(1_000)).toBe(200);
  });

  test("a time that is older than one heard of counts as that one", () => {
    const log = new SlidingLog(WINDOW);
    log.add(500, 1);
    log.add(100, 1);
    expect(log.used(1_499)).toBe(2);
    expect(log.used(1_500)).toBe(0);
  });

  test("what others spent joins with its age, and what is too old does not", () => {
    const log = new SlidingLog(WINDOW);
    log.add(1_000, 1);
    log.addPast(1_000, 400, 5);
    log.addPast(1_000, 1_000, 7);
    log.addPast(1_000, 0, 2);
    expect(log.used(1_000)).toBe(8);
    expect(log.used(1_599)).toBe(8);
    expect(log.used(1_600)).toBe(3);
    expect(log.used(2_000)).toBe(0);
  });

  test("its journal holds every unit, none older than it is, in at most 33 groups", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const log = new SlidingLog(WINDOW);
        let now = 0;
        for (const { after, cost } of sequence) {
          now += after;
          log.add(now, cost);
        }
        const journal = log.journal(now);
        const heir = new SlidingLog(WINDOW);
        for (const [age, units] of journal) heir.addPast(50_000, age, units);
        expect(journal.length).toBeLessThanOrEqual(33);
        expect(heir.used(50_000)).toBe(log.used(now));
        for (const later of [1, 250, 500, 999]) {
          expect(heir.used(50_000 + later)).toBeGreaterThanOrEqual(log.used(now + later));
        }
      }),
    );
  });
});
