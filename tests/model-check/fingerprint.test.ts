import { boundsOf, compareBehaviour } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { SAMPLES, TWO_NODES } from "./scenes.ts";

describe("states that are taken for the same allow the same moves, with the same outcome", () => {
  test("all of one node and one verifier", { timeout: 60_000 }, () => {
    const compared = compareBehaviour(boundsOf({ progress: true }), 20_000);
    expect(compared).toMatchObject({ difference: null, complete: true });
    expect(compared.compared).toBeGreaterThan(compared.states);
  });

  test("all of two nodes without verifiers", { timeout: 60_000 }, () => {
    expect(compareBehaviour(boundsOf(TWO_NODES), 20_000)).toMatchObject({ difference: null, complete: true });
  });

  test.each(SAMPLES)("the first 3 000 within %j", { timeout: 60_000 }, (bounds) => {
    const { difference, states } = compareBehaviour(boundsOf(bounds), 3_000);
    expect(difference).toBeNull();
    expect(states).toBe(3_000);
  });
});
