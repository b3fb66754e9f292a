import { DIRECTED_MUTANTS, EDGE_MUTANTS, type Mutant, PROTOCOL_MUTANTS, RULES, simulate } from "@claviger/testkit";
import { describe, expect, test } from "vitest";

/** Seeds tried at most before a mutant counts as alive. */
const SEEDS = 4_000;

/** The first seed whose run shows the mistake; null: it is not noticed. */
function killedBy({ rules, scene }: Mutant): number | null {
  for (let seed = 0; seed < SEEDS; seed += 1) {
    if (simulate(seed, rules, scene).violations.length > 0) return seed;
  }
  return null;
}

describe("each mistake that the protocol must not make is noticed", () => {
  test.each([...PROTOCOL_MUTANTS, ...EDGE_MUTANTS])("$name", { timeout: 120_000 }, (mutant) => {
    expect(killedBy(mutant)).not.toBeNull();
  });

  test.each(DIRECTED_MUTANTS)("$name", ({ rules, isMadeBy }) => {
    expect(isMadeBy(rules)).toBe(true);
    expect(isMadeBy(RULES)).toBe(false);
  });
});

test("none of the scenes in which mistakes are looked for shows one by itself", { timeout: 120_000 }, () => {
  const scenes = new Set([...PROTOCOL_MUTANTS, ...EDGE_MUTANTS].map(({ scene }) => scene));
  for (const scene of scenes) {
    for (let seed = 0; seed < 40; seed += 1)
      expect(simulate(seed, RULES, scene).violations, `seed ${seed}`).toEqual([]);
  }
});
