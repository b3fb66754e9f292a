import { expect, test } from "vitest";
import { fuzzService } from "../support/fuzz/fuzz-service.ts";

const CASES = 1_000_000;

test("a million requests of any bytes are answered as the contract says", { timeout: 1_800_000 }, async (context) => {
  expect(await fuzzService(CASES, context)).toEqual([]);
});
