import { type BoundsChanges, boundsOf, compareBehaviour } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { TWO_NODES } from "./scenes.ts";

/** Together these take every move that there is. */
const SAMPLES: readonly BoundsChanges[] = [
  { lines: 2, faults: { breaks: 1, verifierKills: 1, closes: 1 } },
  { faults: { nodeKills: 1, leaves: 1, losses: 1 }, stepwise: { renewals: [0], acts: [0], reads: [0] } },
  { verifiers: [1.1, 0.9], prompt: true, acts: ["other", "take"], patience: true },
  { ticksInTerm: 3, renewals: 2, acts: ["take", "give"], patience: true },
  { ...TWO_NODES, ringKept: 1, logKept: 1, acts: ["take", "other"], stepwise: { renewals: [1], reads: [0] } },
];

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
