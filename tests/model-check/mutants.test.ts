import { EDGE_MUTANTS, type Mutant, PROTOCOL_MUTANTS } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { checkMutant } from "./check-mutant.ts";
import { NOT_SHOWN, SHOWN, SHOWN_LATE } from "./mutant-bounds.ts";

const ALL: readonly Mutant[] = [...PROTOCOL_MUTANTS, ...EDGE_MUTANTS];
const MOST_STATES = 200_000;

describe("each mistake that can be made within the model is found", () => {
  test.each(ALL.filter(({ name }) => name in SHOWN))("$name", { timeout: 60_000 }, (mutant) => {
    checkMutant(mutant, SHOWN[mutant.name] ?? {}, MOST_STATES);
  });

  test("and no mistake is left out without a reason", () => {
    const named = [SHOWN, SHOWN_LATE, NOT_SHOWN].flatMap((table) => Object.keys(table));
    expect(named.sort()).toEqual(ALL.map(({ name }) => name).sort());
  });
});
