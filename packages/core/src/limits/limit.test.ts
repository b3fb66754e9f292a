import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLimits, type Limit } from "./limit.ts";

const paths = (list: unknown) => checkLimits(list).map(({ path }) => path);

describe("limits (C6)", () => {
  test("a list in order has no findings", () => {
    const list: Limit[] = [
      { name: "burst", amount: 10, per: "second" },
      { name: "per account and day", amount: 1e12, per: "day", shared: "account" },
      { name: "credits", amount: 1, per: "lifetime", refill: { amount: 500, every: "month" } },
    ];
    expect(checkLimits(list)).toEqual([]);
    expect(checkLimits([])).toEqual([]);
  });

  test("amounts are whole numbers from 1 to 10^12", () => {
    for (const amount of [0, -1, 1.5, Number.NaN, Infinity, 1e12 + 1, "5", null, undefined]) {
      expect(paths([{ name: "a", amount, per: "day" }])).toEqual(["[0].amount"]);
      expect(paths([{ name: "a", amount: 1, per: "lifetime", refill: { amount, every: "day" } }])).toEqual([
        "[0].refill.amount",
      ]);
    }
  });

  test("names are unique, 1 to 40 characters, and can stand in a header as they are", () => {
    for (const name of ["", " a", "a ", "x".repeat(41), 'a"b', "a\\b", "a\r\nb", "é", 5, undefined]) {
      expect(paths([{ name, amount: 1, per: "day" }])).toEqual(["[0].name"]);
    }
    const limit = { name: "x".repeat(40), amount: 1, per: "day" };
    expect(paths([limit])).toEqual([]);
    expect(paths([limit, limit])).toEqual(["[1].name"]);
  });

  test("a refill goes with lifetime only; units, sharing and unknown fields are checked", () => {
    const limit = { name: "a", amount: 1, per: "day" };
    expect(paths([{ ...limit, refill: { amount: 1, every: "day" } }])).toEqual(["[0].refill"]);
    expect(paths([{ ...limit, per: "lifetime", refill: { amount: 1, every: "hour" } }])).toEqual(["[0].refill.every"]);
    expect(paths([{ ...limit, per: "week" }])).toEqual(["[0].per"]);
    expect(paths([{ ...limit, shared: "plan" }])).toEqual(["[0].shared"]);
    expect(paths([{ ...limit, unit: 1 }])).toEqual(["[0].unit"]);
    expect(paths([null, "x", []])).toEqual(["[0]", "[1]", "[2]"]);
    expect(paths({})).toEqual([""]);
    expect(paths(Array(33).fill(limit))).toEqual([""]);
  });

  test("it answers for any input and throws for none", () => {
    fc.assert(fc.property(fc.anything(), (list) => Array.isArray(checkLimits(list))));
    fc.assert(fc.property(fc.array(fc.anything()), (list) => Array.isArray(checkLimits(list))));
  });
});
