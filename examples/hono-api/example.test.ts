import { expect, test } from "vitest";
import { call } from "../../tests/support/example.ts";
import { exampleStage, keepsOthersOut } from "../../tests/support/example-stage.ts";

const stage = exampleStage("hono-api", ["server.js"]);

test("the example for Hono lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(stage);
});

test("what stands before the middleware is open", async () => {
  expect(await call(stage.api, "GET", "/healthz", {})).toMatchObject({ status: 200 });
});
