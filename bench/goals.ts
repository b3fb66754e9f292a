import { ratios, type Spread, spreadOf, type Timings } from "./measure.ts";

/** One line of the table: a figure, and what it is meant to be at least or at most. */
export interface Line {
  readonly name: string;
  /** Nanoseconds, or whatever `unit` says. */
  readonly figure: Spread;
  readonly unit: string;
  /** How many times as fast, or as dear, as `against`, round by round; null where there is nothing to compare with. */
  readonly ratio: Spread | null;
  readonly against: string;
  readonly goal: Goal | null;
}

export interface Goal {
  /** What is compared: the ratio's median, or the figure's. */
  readonly of: "ratio" | "figure";
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

export function meets({ figure, ratio, goal }: Line): boolean {
  if (goal === null) return true;
  const value = goal.of === "figure" ? figure.median : (ratio?.median ?? Number.NaN);
  return value >= (goal.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (goal.atMost ?? Number.POSITIVE_INFINITY);
}

interface Goals {
  readonly decide: number;
  readonly whole: number;
}

/** Operations per second against the bare minimum (design: performance). */
const GOALS: ReadonlyMap<number, Goals> = new Map([
  [1_000, { decide: 0.9, whole: 0.7 }],
  [100_000, { decide: 1.1, whole: 1 }],
  [1_000_000, { decide: 1.3, whole: 1.2 }],
]);

/** The lines about verification with `count` keys. `better-auth` has timings where it was measured. */
export function verifyLines(count: number, timings: Timings): Line[] {
  const goals = GOALS.get(count);
  const of = (row: string): readonly number[] => timings.get(row) ?? [];
  const faster = (name: string, row: string, than: string, against: string, atLeast?: number): Line => ({
    ...{ name, figure: spreadOf(of(row)), unit: "ns", ratio: spreadOf(ratios(of(than), of(row))) },
    against: `× the rate of ${against}`,
    goal: atLeast === undefined ? null : { of: "ratio", atLeast },
  });
  const dearer = (name: string, row: string, atMost?: number): Line => ({
    ...{ name, figure: spreadOf(of(row)), unit: "ns", ratio: spreadOf(ratios(of(row), of("whole"))) },
    against: "× the cost of a valid key",
    goal: atMost === undefined ? null : { of: "ratio", atMost },
  });
  return [
    faster("bare: SHA-256 as hex, and Map.get", "bare", "bare", "bare"),
    faster("bare, and both clocks read", "bare with clocks", "bare", "bare"),
    faster("look up and decide, time passed in", "decide", "bare", "bare", goals?.decide),
    faster("the same, against prefixed-api-key", "decide", "prefixed-api-key", "prefixed-api-key", 3),
    faster("the same, both clocks read", "decide with clocks", "bare", "bare"),
    faster("the same by method and path", "decide by route", "bare", "bare"),
    faster("the same with a verdict to keep", "verdict", "bare", "bare"),
    faster("the same with key's and account's id", "verdict with its record", "bare", "bare"),
    faster("verifier.verify: lease, clocks, usage, verdict", "whole", "bare", "bare", goals?.whole),
    faster("the same, against bare with both clocks", "whole", "bare with clocks", "bare with clocks"),
    faster("the same, against prefixed-api-key", "whole", "prefixed-api-key", "prefixed-api-key"),
    faster("the same, and key's and account's id read", "whole with ids", "bare", "bare"),
    faster("prefixed-api-key: SHA-256, and Map.get", "prefixed-api-key", "bare", "bare"),
    ...(timings.has("better-auth")
      ? [faster("better-auth, api-key plugin, in memory", "better-auth", "bare", "bare")]
      : []),
    dearer("garbage of a key's length", "garbage of a key's length", 1),
    dearer("garbage of 800 characters", "garbage of 800 characters", 1),
    dearer("a key with a slip of the pen", "a key mistyped"),
    dearer("a well-formed key that is forged", "a forged key", 2),
  ];
}

export function line(name: string, unit: string, value: number, goal: Omit<Goal, "of"> | null = null): Line {
  return {
    ...{ name, unit, ratio: null, against: "", figure: { min: value, median: value, max: value } },
    goal: goal === null ? null : { of: "figure", ...goal },
  };
}
