import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { timeText } from "./time-text.ts";

const LAST = 8_640_000_000_000_000;
const YEAR_10000 = 253_402_300_800_000;

describe("a time as text", () => {
  test("is what toISOString says, in all years that there are", () => {
    const edges = [
      0,
      -1,
      1,
      999,
      1_000,
      59_999,
      60_000,
      86_399_999,
      86_400_000,
      YEAR_10000 - 1,
      YEAR_10000,
      LAST,
      -LAST,
    ];
    for (const time of edges) expect(timeText(time)).toBe(new Date(time).toISOString());
    const times = fc.oneof(fc.integer({ min: 0, max: YEAR_10000 }), fc.integer({ min: -LAST, max: LAST }));
    fc.assert(
      fc.property(times, (time) => timeText(time) === new Date(time).toISOString()),
      { numRuns: 5_000 },
    );
  });

  test("of a part of a millisecond is that of the whole one, and there is none of what is no time", () => {
    for (const time of [1.5, 999.9, 86_399_999.9]) expect(timeText(time)).toBe(new Date(time).toISOString());
    for (const time of [Number.NaN, LAST + 1, Number.POSITIVE_INFINITY])
      expect(() => timeText(time)).toThrow(RangeError);
  });
});
