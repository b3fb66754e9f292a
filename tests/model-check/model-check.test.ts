import { boundsOf, checkModel } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { checkScene } from "./check-scene.ts";
import { NODES_ALONE, ONE_BY_ONE } from "./scenes.ts";

describe("one node and one verifier, in every order: nothing is accepted that was confirmed to be taken away", () => {
  test.each(ONE_BY_ONE)("$name", { timeout: 120_000 }, (scene) => checkScene(scene));
});

describe("two nodes without verifiers, in every order", () => {
  test.each(NODES_ALONE)("$name", { timeout: 60_000 }, (scene) => checkScene(scene));
});

test("the same bounds are the same states in the same order", () => {
  const bounds = boundsOf({ faults: { breaks: 1 } });
  expect(checkModel(bounds)).toEqual(checkModel(bounds));
});
