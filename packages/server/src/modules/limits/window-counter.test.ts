import type { ShareRequest } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { ASK, OK, REFUSE } from "./counter.ts";
import { limitsOf } from "./testing.ts";
import { WindowCounter } from "./window-counter.ts";

const at = (mono: number) => ({ mono, wall: mono });
const [limit] = limitsOf({ name: "burst", amount: 100, per: "second" });
if (limit === undefined) throw new TypeError("no limit");
const lower = { ...limit, amount: 20 };

function given(share: number): WindowCounter {
  const counter = new WindowCounter("c", 1_000, null, 100, at(0));
  counter.want(limit as typeof lower, 1, at(0));
  const request = counter.request(at(0));
  counter.answer(request, { share, recorded: share, others: 0, unmet: 0, surplus: 0 }, at(0));
  return counter;
}

describe("a share in memory (C6)", () => {
  test("is not spent from under an amount lower than the one it was given under", () => {
    const counter = given(80);
    expect(counter.test(limit, 80, at(0))).toBe(OK);
    expect(counter.test(lower, 5, at(0))).toBe(ASK);
    expect(counter.test(lower, 21, at(0))).toBe(REFUSE);
  });

  test("is not spent from while the store divides a lower amount, not even under the higher one", () => {
    const counter = given(80);
    counter.want(lower, 5, at(0));
    const request: ShareRequest = counter.request(at(0));
    expect(request).toMatchObject({ amount: 20, have: 0, recorded: 80 });
    expect(counter.test(limit, 1, at(0))).toBe(ASK);
    counter.answer(request, { share: 12, recorded: 12, others: 8, unmet: 0, surplus: 0 }, at(0));
    expect(counter.test(lower, 12, at(0))).toBe(OK);
    expect(counter.test(lower, 13, at(0))).toBe(ASK);
  });

  test("that was given under a high amount is not spent from under a lower one because a share of that was taken over", () => {
    const counter = given(80);
    counter.inherit({ counter: "c", windowMs: 1_000, ceiling: 20, spent: [[900, 5]] }, at(0));
    expect(counter.test(lower, 1, at(0))).toBe(ASK);
    expect(counter.test(limit, 80, at(0))).toBe(OK);
  });

  test("what the store did not have is not asked for again at once", () => {
    const counter = given(10);
    counter.want(limit, 50, at(0));
    const request = counter.request(at(0));
    counter.answer(request, { share: 10, recorded: 10, others: 90, unmet: 40, surplus: 0 }, at(0));
    expect([0, 30, 32].map((mono) => counter.test(limit, 11, at(mono)))).toEqual([REFUSE, REFUSE, ASK]);
    expect(counter.retryIn(limit, 11, at(0))).toBeGreaterThan(0);
    expect(counter.state(limit, at(0)).remaining).toBe(10);
  });

  test("keeps to its fair part while others lack something, except for one cost that is larger", () => {
    const counter = given(80);
    expect(counter.wanted(1, at(0), 500)).toBe(true);
    expect(counter.test(limit, 50, at(0))).toBe(OK);
    counter.spend(30, at(0));
    expect(counter.test(limit, 20, at(0))).toBe(OK);
    expect(counter.test(limit, 21, at(0))).toBe(REFUSE);
    expect(counter.test(limit, 21, at(500))).toBe(ASK);
    expect(given(80).test(limit, 100, at(0))).toBe(ASK);
  });
});
