/** Whatever bytes come as key, header, path, query or body: a defined answer, never a 5xx, never data (C3, J1). */
import { expect, test } from "vitest";
import { fuzzService } from "../support/fuzz/fuzz-service.ts";

const CASES = Number(process.env.CLAVIGER_FUZZ_CASES ?? 100_000);
const TIME_MS = 120_000 + CASES * 2;

test(`${CASES} requests of any bytes are answered as the contract says, and nobody is let in who should not be`, {
  timeout: TIME_MS,
}, async (context) => {
  expect(await fuzzService(CASES, context)).toEqual([]);
});
