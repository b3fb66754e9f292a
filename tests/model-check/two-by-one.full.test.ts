import { describe, test } from "vitest";
import { checkSceneFully } from "./check-scene.ts";
import { MORE_NODES_ALONE, TWO_BY_ONE } from "./scenes.ts";

const TIMEOUT_MS = 1_800_000;

describe("two nodes and one verifier, in every order", () => {
  test.each(TWO_BY_ONE)("$name", { timeout: TIMEOUT_MS }, checkSceneFully);
});

describe("nodes without verifiers, in every order", () => {
  test.each(MORE_NODES_ALONE)("$name", { timeout: TIMEOUT_MS }, checkSceneFully);
});
