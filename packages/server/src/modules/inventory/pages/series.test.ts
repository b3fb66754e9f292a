/** Every period has points of one fitting length, all of them told, also those in which nothing happened. */
import { expect, test } from "vitest";
import { type Period, pointsOf, shaped, stepStart } from "./series.ts";

const NOW = Date.parse("2026-03-10T12:34:56Z");

const STEPS = [
  ["minute", "2026-03-10T12:34:00.000Z", "2026-03-10T12:33:00.000Z"],
  ["hour", "2026-03-10T12:00:00.000Z", "2026-03-10T11:00:00.000Z"],
  ["6 hours", "2026-03-10T12:00:00.000Z", "2026-03-10T06:00:00.000Z"],
  ["day", "2026-03-10T00:00:00.000Z", "2026-03-09T00:00:00.000Z"],
  ["month", "2026-03-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"],
] as const;
test.each(STEPS)("a step of a %s begins where it does in UTC", (step, start, before) => {
  expect(new Date(stepStart(step, NOW)).toISOString()).toBe(start);
  expect(new Date(stepStart(step, NOW, -1)).toISOString()).toBe(before);
});

test("points without requests are zeros, and outcomes are told by code with what they took", () => {
  const span = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z") };
  const february = new Date("2026-02-01T00:00:00Z");
  const none = { reported: 0, totalMs: 0, maxMs: 0 };
  const series = shaped("12mo" satisfies Period, "month", span, [
    { at: february, code: "VALID", requests: 10, reported: 4, totalMs: 100, maxMs: 70 },
    { at: february, code: "EXPIRED", requests: 2, ...none },
    { at: february, code: "REVOKED", requests: 1, ...none },
  ]);
  expect(series.data.map(({ at, requests }) => [at.slice(0, 7), requests])).toEqual([
    ...[
      ["2025-12", 0],
      ["2026-01", 0],
    ],
    ...[
      ["2026-02", 13],
      ["2026-03", 0],
    ],
  ]);
  expect(series.data[0]).toEqual({
    ...{ at: "2025-12-01T00:00:00.000Z", requests: 0, accepted: 0, refused: 0, refusals: {}, durationMs: null },
  });
  expect(series.data[2]).toMatchObject({
    ...{ accepted: 10, refused: 3, refusals: { EXPIRED: 2, REVOKED: 1 } },
    durationMs: { reported: 4, mean: 25, max: 70 },
  });
});

test.each([
  ["month", 12, 0, 12],
  ["month", 12, 5_376, 12],
  ["month", 12, 5_377, 11],
  ["month", 12, 10_000, 6],
  ["month", 12, 1_000_000, 1],
  ["day", 90, 22_222, 90],
  ["day", 90, 22_223, 89],
  ["day", 90, 10_000_000, 1],
  ["6 hours", 28, 11_904, 28],
  ["6 hours", 28, 12_000, 27],
  ["hour", 24, 83_333, 24],
  ["hour", 24, 83_334, 23],
] as const)("of %s, %i points, as many as can be added up of %i keys are told", (step, points, keys, told) => {
  expect(pointsOf(step, points, keys)).toBe(told);
});
