import { boundsOf, compareBehaviour } from "@claviger/testkit";
import { expect, test } from "vitest";
import { ONE_BY_TWO, SAMPLES, TWO_BY_ONE } from "./scenes.ts";

const STATES = 20_000;

test.each([...SAMPLES, ...[...TWO_BY_ONE, ...ONE_BY_TWO].map(({ bounds }) => bounds)])(
  "states that are taken for the same allow the same moves, with the same outcome: the first 20 000 within %j",
  { timeout: 600_000 },
  (bounds) => {
    const { difference, states } = compareBehaviour(boundsOf(bounds), STATES);
    expect(difference).toBeNull();
    expect(states).toBe(STATES);
  },
);
