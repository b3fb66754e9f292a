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
  installExample("library-express");
  example = await startLibraryExample("library-express", ["server.js"]);
}, 180_000);
afterAll(() => example?.stop());

test("a program of Express manages keys and verifies them, and refuses what another node took away", async () => {
  await managesAndVerifies(example);
});

test("asked to end, it leaves the installation without a trace", async () => {
  await leavesWithoutATrace(example);
});
