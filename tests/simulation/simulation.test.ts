import { COUNTED, RULES, simulate } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { expectedCounts, runSeeds } from "./run-seeds.ts";

const CHUNK = 500;

describe("whatever fails, and whenever: nothing is accepted that was confirmed to be taken away before", () => {
  test.each([0, 1, 2, 3, 4, 5])("chunk %i of 3 000 seeds", { timeout: 120_000 }, (chunk) => {
    const { counts, violations } = runSeeds(chunk * CHUNK, CHUNK);
    expect(violations).toEqual([]);
    const expected = expectedCounts(CHUNK);
    for (const name of COUNTED) expect(counts[name], name).toBeGreaterThanOrEqual(expected[name] ?? 0);
  });
});

test("the same seed is the same run", () => {
  for (const seed of [1, 7, 77]) expect(simulate(seed, RULES)).toEqual(simulate(seed, RULES));
});
