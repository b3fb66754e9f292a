/** Warnings of an expiry: each day of the policy once, the nearest where several have passed. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { dueWarning } from "./due-warning.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const ends = Date.UTC(2026, 5, 30, 15);
const DAYS = [30, 14, 7, 3, 1];
const at = (daysBefore: number, hour = 0) => Date.UTC(2026, 5, 30 - daysBefore, hour);
const due = (now: number, issuedAt = 0, warningDays: readonly number[] = DAYS) =>
  dueWarning({ expiresAt: ends, issuedAt, now, warningDays });

test("each is due from the first moment of its day in UTC", () => {
  for (const days of DAYS) {
    const before = DAYS[DAYS.indexOf(days) - 1] ?? null;
    expect([due(at(days) - 1), due(at(days)), due(at(days, 23))]).toEqual([before, days, days]);
  }
  expect([due(ends - 1), due(ends), due(ends + HOUR)]).toEqual([1, null, null]);
});

test("after days without a look there is one, the nearest; without days there is none", () => {
  expect(due(at(2))).toBe(3);
  expect(due(at(2), 0, [30, 14])).toBe(14);
  expect(due(at(2), 0, [])).toBeNull();
});

test("what had passed at the issue of the version is not due", () => {
  expect(due(at(10), at(10))).toBeNull();
  expect(due(at(7), at(10))).toBe(7);
  expect(due(at(7, 12), at(7, 10))).toBeNull();
});

test("looked at ever so often, each day comes in its order, and none is left out where every day is looked at", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }), fc.nat(DAY - 1), (days, moment) => {
      const told: number[] = [];
      for (let day = 61; day >= 0; day -= 1) {
        const now = at(day) + moment;
        const found = dueWarning({ expiresAt: ends, issuedAt: 0, now, warningDays: days });
        if (found !== null && !told.includes(found)) told.push(found);
      }
      expect(told).toEqual(days.toSorted((a, b) => b - a));
    }),
  );
});
