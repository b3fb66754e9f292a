import { describe, test } from "vitest";
import { checkSceneFully } from "./check-scene.ts";
import { ONE_BY_ONE_SLOWLY, ONE_BY_TWO } from "./scenes.ts";

const TIMEOUT_MS = 1_800_000;

describe("one node and one verifier, all of the node step by step, in every order", () => {
  test.each(ONE_BY_ONE_SLOWLY)("$name", { timeout: TIMEOUT_MS }, checkSceneFully);
});

describe("one node and two verifiers, in every order", () => {
  test.each(ONE_BY_TWO)("$name", { timeout: TIMEOUT_MS }, checkSceneFully);
});
