import { EDGE_MUTANTS, PROTOCOL_MUTANTS } from "@claviger/testkit";
import { describe, test } from "vitest";
import { checkMutant } from "./check-mutant.ts";
import { SHOWN_LATE } from "./mutant-bounds.ts";

const MOST_STATES = 2_000_000;

describe("each mistake that takes many states to show is found", () => {
  const late = [...PROTOCOL_MUTANTS, ...EDGE_MUTANTS].filter(({ name }) => name in SHOWN_LATE);

  test.each(late)("$name", { timeout: 600_000 }, (mutant) => {
    checkMutant(mutant, SHOWN_LATE[mutant.name] ?? {}, MOST_STATES);
  });
});
