import { COUNTED } from "@claviger/testkit";
import { expect, test } from "vitest";
import { expectedCounts, runSeeds } from "./run-seeds.ts";

const CHUNK = 2_500;

test.each([0, 1, 2, 3, 4, 5, 6, 7])("chunk %i of 20 000 further seeds", { timeout: 600_000 }, (chunk) => {
  const { counts, violations } = runSeeds(100_000 + chunk * CHUNK, CHUNK);
  expect(violations).toEqual([]);
  const expected = expectedCounts(CHUNK);
  for (const name of COUNTED) expect(counts[name], name).toBeGreaterThanOrEqual(expected[name] ?? 0);
});
