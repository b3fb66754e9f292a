import { test } from "vitest";
import { exampleStage, keepsOthersOut } from "../../tests/support/example-stage.ts";

const stage = exampleStage("node-http", ["server.js"]);

test("the example for node:http lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(stage);
});
