/** Whatever bytes come as key, header, path, query or body: a defined answer, never a 5xx, never data (C3, J1). */
import { expect, test } from "vitest";
import { fuzzService } from "../support/fuzz/fuzz-service.ts";

const CASES = 5_000;

test("100 000 requests with bytes of any kind are answered as the contract says", {
  timeout: 240_000,
}, async (context) => {
  expect(await fuzzService(CASES, context)).toEqual([]);
});
