import { afterAll, beforeAll, test } from "vitest";
import { installExample } from "../../tests/support/example.ts";
import {
  type LibraryExample,
  leavesWithoutATrace,
  managesAndVerifies,
  startLibraryExample,
} from "../../tests/support/library-example.ts";

let example: LibraryExample;
beforeAll(async () => {
  installExample("library-hono");
  example = await startLibraryExample("library-hono", ["server.js"]);
}, 180_000);
afterAll(() => example?.stop());

test("a program of Hono manages keys and verifies them, and refuses what another node took away", async () => {
  await managesAndVerifies(example);
});

test("asked to end, it leaves the installation without a trace", async () => {
  await leavesWithoutATrace(example);
});
