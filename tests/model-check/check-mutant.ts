import { type BoundsChanges, boundsOf, checkModel, type Mutant, RULES } from "@claviger/testkit";
import { expect } from "vitest";

/** The mistake is found within these bounds; by the right rules nothing is, among as many states. */
export function checkMutant({ rules }: Mutant, bounds: BoundsChanges, mostStates: number): void {
  const { violation, states } = checkModel(boundsOf(bounds), rules, mostStates);
  expect(violation).not.toBeNull();
  expect(rightlyFound(bounds, states)).toBeNull();
}

function rightlyFound(bounds: BoundsChanges, states: number) {
  try {
    return checkModel(boundsOf(bounds), RULES, states).violation;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
