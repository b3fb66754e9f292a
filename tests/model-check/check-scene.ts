import { boundsOf, checkModel } from "@claviger/testkit";
import { expect } from "vitest";
import type { CheckedScene } from "./scenes.ts";

/** States that fit into one gigabyte, and into three. */
const MOST_STATES = 400_000;
const MOST_STATES_FULLY = 3_500_000;

/**
 * Goes through all interleavings: nothing is accepted that was confirmed to be taken away, and from everywhere each act can
 * still come to its end. That is worth something only where the key was accepted when it was taken away, where what was
 * asked confirmed, and where somebody's lease had to be waited for.
 */
export function checkScene({ bounds, states }: CheckedScene, mostStates = MOST_STATES): void {
  const all = boundsOf({ progress: true, ...bounds });
  const { violation, deadEnd, counts, ...report } = checkModel(all, undefined, mostStates);
  expect(violation).toBeNull();
  expect(deadEnd).toBeNull();
  expect(report.states).toBeGreaterThanOrEqual(states);
  expect(counts.confirmed).toBeGreaterThan(0);
  if (all.verifiers.length > 0) {
    expect(counts.acceptingInWindow).toBeGreaterThan(0);
    expect(counts.confirmedByVerifiers).toBeGreaterThan(0);
    expect(counts.confirmedAfterLapse).toBeGreaterThan(0);
    expect(counts.confirmedUnderNewLease).toBeGreaterThan(0);
  }
  if (all.ownLookUps) expect(counts.nodesAcceptingInWindow).toBeGreaterThan(0);
  if (all.nodes.length > 1) expect(counts.confirmedAfterNodeLapse).toBeGreaterThan(0);
}

export function checkSceneFully(scene: CheckedScene): void {
  checkScene(scene, MOST_STATES_FULLY);
}
