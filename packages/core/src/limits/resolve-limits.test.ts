import { describe, expect, test } from "vitest";
import type { Limit } from "./limit.ts";
import { rateLimitHeaders } from "./limit-state.ts";
import { periodAt, periodEnd } from "./periods.ts";
import { type LimitHolders, limitsFrom, resolveLimits } from "./resolve-limits.ts";

const resolve = (change: Partial<LimitHolders>) =>
  resolveLimits({
    ...{ key: "key_1", account: "acct_1", environment: "live", keyLimits: [], planLimits: [], environmentLimits: [] },
    ...change,
  });
const burst = (amount: number, change: Partial<Limit> = {}): Limit => ({
  name: "burst",
  amount,
  per: "second",
  ...change,
});
const amounts = (change: Partial<LimitHolders>) => resolve(change).map(({ amount }) => amount);

describe("which limits bind a key (C6)", () => {
  test("an environment's limit is a default: the plan's of the same name stands instead", () => {
    expect(amounts({ environmentLimits: [burst(10)] })).toEqual([10]);
    expect(amounts({ environmentLimits: [burst(10)], planLimits: [burst(50)] })).toEqual([50]);
    expect(amounts({ environmentLimits: [burst(10, { name: "other" })], planLimits: [burst(50)] })).toEqual([50, 10]);
  });

  test("a key's own limit never widens the plan's or the environment's (B5)", () => {
    expect(amounts({ planLimits: [burst(50)], keyLimits: [burst(5)] })).toEqual([5]);
    expect(amounts({ planLimits: [burst(50)], keyLimits: [burst(500)] })).toEqual([50]);
    expect(amounts({ environmentLimits: [burst(50)], keyLimits: [burst(500)] })).toEqual([50]);
    expect(amounts({ planLimits: [burst(50)], keyLimits: [burst(500, { per: "minute" })] })).toEqual([50, 500]);
    expect(amounts({ planLimits: [burst(50)], keyLimits: [burst(500, { shared: "account" })] })).toEqual([50, 500]);
  });

  test("of a refill the lower amount holds, at the plan's pace", () => {
    const credits = (refill?: Limit["refill"]): Limit => ({ name: "c", amount: 9, per: "lifetime", refill });
    const refills = (plan: Limit["refill"], own: Limit["refill"]) =>
      resolve({ planLimits: [credits(plan)], keyLimits: [credits(own)] }).map(({ refill }) => refill);
    const [five, two] = [
      { amount: 5, every: "day" },
      { amount: 2, every: "day" },
    ] as const;
    expect(refills(five, two)).toEqual([two]);
    expect(refills(two, five)).toEqual([two]);
    expect(refills(undefined, five)).toEqual([null]);
    expect(refills(five, undefined)).toEqual([null]);
    expect(refills(two, { amount: 500, every: "month" })).toEqual([two]);
  });

  test("the amount is no part of the counter, so a change of it forgets nothing", () => {
    const counter = (amount: number) => resolve({ planLimits: [burst(amount, { shared: "account" })] })[0]?.counter;
    expect(counter(5)).toBe(counter(50));
  });

  test("keys of an account count together where the account shares, environments apart where theirs is the limit", () => {
    const counter = (key: string, environment: string, change: Partial<LimitHolders>) =>
      resolve({ key, environment, ...change })[0]?.counter;
    const plan = { planLimits: [burst(5, { shared: "account" })] };
    const environment = { environmentLimits: [burst(5, { shared: "account" })] };
    expect(counter("key_1", "live", plan)).toBe(counter("key_2", "test", plan));
    expect(counter("key_1", "live", environment)).toBe(counter("key_2", "live", environment));
    expect(counter("key_1", "live", environment)).not.toBe(counter("key_2", "test", environment));
    expect(counter("key_1", "live", { planLimits: [burst(5)] })).not.toBe(
      counter("key_2", "live", { planLimits: [burst(5)] }),
    );
  });

  test("source addresses count each for itself, IPv6 by /64; no address is one source of its own", () => {
    const limits = resolve({ planLimits: [burst(5, { shared: "ip" })] });
    const counter = (ip: string | undefined) => limitsFrom(limits, ip, 0)[0]?.counter;
    expect(counter("192.0.2.1")).not.toBe(counter("192.0.2.2"));
    expect(counter("::ffff:192.0.2.1")).toBe(counter("192.0.2.1"));
    expect(counter("2001:db8::1")).toBe(counter("2001:db8::ffff:1"));
    expect(counter("2001:db8::1")).not.toBe(counter("2001:db8:0:1::1"));
    expect(counter(undefined)).toBe(counter("rubbish"));
    expect(counter(undefined)).not.toBe(limits[0]?.counter);
    const others = resolve({ planLimits: [burst(5)] });
    expect(limitsFrom(others, "192.0.2.1", 0)).toBe(others);
  });
});

describe("a throttle (E3)", () => {
  const END = 1_800_000_000_000;
  const throttle = { amount: 5, per: "minute", until: END } as const;

  test("binds beside every other limit, on a counter that no limit with a name can have", () => {
    const own: Limit = { name: "throttle", amount: 9, per: "minute" };
    const both = resolve({ planLimits: [burst(50)], keyLimits: [own], throttle });
    expect(both.map(({ name, amount }) => [name, amount])).toEqual([
      ["burst", 50],
      ["throttle", 9],
      ["throttle", 5],
    ]);
    expect(new Set(both.map(({ counter }) => counter)).size).toBe(3);
    expect(resolve({ throttle: null })).toEqual([]);
  });

  test("is over at its instant and not a millisecond sooner; a clock that cannot be read ends nothing", () => {
    const limits = resolve({ planLimits: [burst(50), burst(3, { name: "each", shared: "ip" })], throttle });
    const names = (wall: number) => limitsFrom(limits, "192.0.2.1", wall).map(({ name }) => name);
    expect(names(END - 1)).toEqual(["burst", "each", "throttle"]);
    expect(names(END)).toEqual(["burst", "each"]);
    expect(names(Number.NaN)).toEqual(["burst", "each", "throttle"]);
    const alone = resolve({ throttle });
    expect(limitsFrom(alone, undefined, END - 1)).toBe(alone);
    expect(limitsFrom(alone, undefined, END)).toEqual([]);
  });
});

describe("calendar periods", () => {
  test("days and months are those of UTC, leap days and turns of the year included", () => {
    for (const wall of [
      Date.UTC(2024, 1, 29, 23, 59, 59, 999),
      Date.UTC(2024, 11, 31, 12),
      Date.UTC(1969, 11, 31),
      0,
    ]) {
      for (const unit of ["day", "month"] as const) {
        const period = periodAt(unit, wall);
        expect(periodEnd(unit, period)).toBeGreaterThan(wall);
        expect(periodEnd(unit, period - 1)).toBeLessThanOrEqual(wall);
        expect(periodAt(unit, periodEnd(unit, period))).toBe(period + 1);
      }
    }
    expect(periodEnd("month", periodAt("month", Date.UTC(2024, 1, 29)))).toBe(Date.UTC(2024, 2, 1));
  });
});

test("headers name each limit with what remains, when it resets and its policy (C3, C8)", () => {
  const limits = resolve({ planLimits: [burst(50), { name: "credits", amount: 7, per: "lifetime" }] });
  const states = [
    { name: "burst", limit: 50, remaining: 3, resetAt: 1_200 },
    { name: "credits", limit: 7, remaining: 0, resetAt: null },
  ];
  expect(rateLimitHeaders(limits, states, 1_000)).toEqual({
    RateLimit: '"burst";r=3;t=1, "credits";r=0',
    "RateLimit-Policy": '"burst";q=50;w=1, "credits";q=7',
  });
  expect(rateLimitHeaders([], [], 0)).toEqual({});
});
