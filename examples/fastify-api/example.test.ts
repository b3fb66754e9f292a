import { expect, test } from "vitest";
import { call } from "../../tests/support/example.ts";
import { exampleStage, keepsOthersOut } from "../../tests/support/example-stage.ts";

const stage = exampleStage("fastify-api", ["server.js"]);

test("the example for Fastify lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(stage);
});

test("what is outside the scope of the middleware is open", async () => {
  expect(await call(stage.api, "GET", "/healthz", {})).toMatchObject({ status: 200 });
  expect(await call(stage.api, "GET", "/moon", {})).toMatchObject({ status: 404 });
});
