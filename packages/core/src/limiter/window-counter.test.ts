import { describe, expect, test } from "vitest";
import { grantShare, type ShareRequest } from "../limits/budget.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import { ASK, BLOCKED, OK, REFUSE } from "./counter.ts";
import { WindowCounter } from "./window-counter.ts";

const at = (mono: number) => ({ mono, wall: mono });
const limit: AppliedLimit = {
  ...{ name: "burst", key: "key_1", amount: 100, per: "second", refill: null, perSource: null },
  counter: "c",
};
const lower = { ...limit, amount: 20 };

const WHOLE = Number.POSITIVE_INFINITY;

function given(share: number): WindowCounter {
  const counter = new WindowCounter({ id: "c", windowMs: 1_000, perSource: null, amount: 100, key: "key_1" }, 0, at(0));
  counter.want(limit, 1, at(0));
  const request = counter.request(at(0), WHOLE);
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
    const request: ShareRequest = counter.request(at(0), WHOLE);
    expect(request).toMatchObject({ amount: 20, have: 0, recorded: 80 });
    expect(counter.test(limit, 1, at(0))).toBe(ASK);
    counter.answer(request, { share: 12, recorded: 12, others: 8, unmet: 0, surplus: 0 }, at(0));
    expect(counter.test(lower, 12, at(0))).toBe(OK);
    expect(counter.test(lower, 13, at(0))).toBe(ASK);
  });

  // Two who had shares under 80 are told of 40. Both keep recorded what they spent, 79 in all, and may spend nothing more; whoever
  // took one of the shares over would spend it once more as its units leave the window, beside what the other has spent.
  test("that was taken over is not spent from before the store has divided it, which counts what others have", () => {
    const counter = given(40);
    counter.inherit({ counter: "c", windowMs: 1_000, ceiling: 20, spent: [[900, 41]] }, at(0));
    expect(counter.test(limit, 1, at(0))).toBe(ASK);
    expect(counter.test(lower, 1, at(100))).toBe(ASK);
    counter.want(lower, 1, at(100));
    const request = counter.request(at(100), WHOLE);
    expect(request).toMatchObject({ amount: 20, used: 0, have: 0, recorded: 81 });
    expect(counter.test(lower, 1, at(100))).toBe(ASK);
    const answer = grantShare(request, { own: 81, others: 17, othersCeiling: 20 });
    counter.answer(request, answer, at(100));
    expect(answer.share).toBeLessThanOrEqual(3);
    expect(counter.test(lower, answer.share, at(100))).toBe(OK);
    expect(counter.test(lower, answer.share + 1, at(100))).not.toBe(OK);
  });

  test("that was taken over while something recorded may be missing is not spent from until nothing can be", () => {
    const counter = given(40);
    counter.inherit({ counter: "c", windowMs: 1_000, ceiling: 100, spent: [[0, 30]] }, at(0));
    counter.want(limit, 1, at(0));
    expect(counter.request(at(0), 999)).toMatchObject({ mayGrow: false, have: 0, used: 30, recorded: 70 });
  });

  test("what the store did not have is not asked for again at once", () => {
    const counter = given(10);
    counter.want(limit, 50, at(0));
    const request = counter.request(at(0), WHOLE);
    counter.answer(request, { share: 10, recorded: 10, others: 90, unmet: 40, surplus: 0 }, at(0));
    expect([0, 30, 32].map((mono) => counter.test(limit, 11, at(mono)))).toEqual([REFUSE, REFUSE, ASK]);
    expect(counter.retryIn(limit, 11, at(0))).toBeGreaterThan(0);
    expect(counter.state(limit, at(0)).remaining).toBe(10);
  });

  test("what a store may not give yet is no limit reached", () => {
    const counter = given(10);
    counter.want(limit, 50, at(0));
    const request = counter.request(at(0), 999);
    expect(request.mayGrow).toBe(false);
    counter.answer(request, { share: 10, recorded: 10, others: 0, unmet: 50, surplus: 0 }, at(0));
    expect([0, 32].map((mono) => counter.test(limit, 50, at(mono)))).toEqual([BLOCKED, ASK]);
    expect(counter.test(limit, 10, at(0))).toBe(OK);
    expect(counter.test(limit, 101, at(0))).toBe(REFUSE);
  });

  test("is claimed anew as far as it may be spent, and not by what was given back in an exchange without an answer", () => {
    const counter = given(80);
    counter.spend(30, at(0));
    expect(counter.claim(at(0))).toEqual({ counter: "c", key: "key_1", windowMs: 1_000, units: 80, ceiling: 100 });
    counter.wanted(3, at(0), 500);
    expect(counter.request(at(0), WHOLE)).toMatchObject({ have: 30, recorded: 80 });
    expect(counter.claim(at(0))).toMatchObject({ units: 30 });
    counter.claimed(30, true);
    expect(counter.request(at(0), WHOLE)).toMatchObject({ have: 30, recorded: 30 });
    counter.claimed(30, false);
    expect(counter.request(at(0), WHOLE)).toMatchObject({ have: 0, recorded: 0, used: 30 });
    expect(given(0).claim(at(0))).toBeNull();
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
