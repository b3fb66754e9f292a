import { expect, test } from "vitest";
import { retirementOf } from "./retirement.ts";
import type { KeyRecord } from "./verdict.ts";

const record = (expiresAt: number | null, versions: readonly (number | null)[]): KeyRecord => ({
  keyId: "key_1",
  account: "acct_1",
  environment: "live",
  state: "active",
  accountState: "active",
  expiresAt,
  tier: null,
  scopes: [],
  versions: versions.map((end, index) => ({ version: index + 1, state: "active", expiresAt: end })),
  allowedIps: [],
  allowedReferrers: [],
  audiences: [],
  metadata: {},
  subjects: [],
});

test("a version retires where it ends before its key, and each version for itself (C8)", () => {
  expect(retirementOf(record(9_000, [5_000, null]), 1)).toBe(5_000);
  expect(retirementOf(record(9_000, [5_000, null]), 2)).toBeNull();
  expect(retirementOf(record(null, [5_000, null]), 1)).toBe(5_000);
});

test("what lasts as long as its key, or longer, does not retire; nor does a version that is not there", () => {
  expect(retirementOf(record(5_000, [5_000]), 1)).toBeNull();
  expect(retirementOf(record(4_000, [5_000]), 1)).toBeNull();
  expect(retirementOf(record(9_000, [5_000]), 3)).toBeNull();
});
