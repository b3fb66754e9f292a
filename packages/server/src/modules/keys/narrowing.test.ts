import { compileCatalogue, decide, type KeyRecord, type VerifyRequest } from "@claviger/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blankKey } from "./create-key.ts";
import type { Key } from "./key.ts";
import { mayNarrow } from "./narrowing.ts";

const NOW = Date.UTC(2026, 0, 1);
const catalogue = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "users:write", tier: "admin", sensitive: true },
  ],
});

const keys = fc.record({
  tier: fc.constantFrom(null, "read", "write", "admin" as const),
  scopes: fc.subarray(["contacts:read", "contacts:write", "users:write", "contacts:*"]),
  expiresAt: fc.option(fc.integer({ min: -5, max: 5 }).map((step) => new Date(NOW + step * 1000))),
  allowedIps: fc.subarray(["10.0.0.0/8", "192.0.2.1"]),
  allowedReferrers: fc.subarray(["https://a.example", "https://b.example"]),
  audiences: fc.subarray(["billing", "search"]),
});

const requests: fc.Arbitrary<VerifyRequest> = fc.record({
  environment: fc.constant("live"),
  scopes: fc.option(fc.constantFrom(["contacts:read"], ["contacts:write"], ["users:write"]), { nil: undefined }),
  ip: fc.constantFrom(undefined, "10.1.2.3", "192.0.2.1"),
  origin: fc.constantFrom(undefined, "https://a.example", "https://b.example"),
  audience: fc.constantFrom(undefined, "billing", "search"),
});

function keyOf(fields: Partial<Key>): Key {
  return { ...blankKey(new Date(NOW), "acct_1", "key_1", "label"), ...fields };
}

function accepts(key: Key, request: VerifyRequest): boolean {
  const record: KeyRecord = {
    ...{ keyId: key.id, account: key.account, environment: "live", state: key.state, accountState: "active" },
    ...{ tier: key.tier, scopes: key.scopes, allowedIps: key.allowedIps, allowedReferrers: key.allowedReferrers },
    ...{ audiences: key.audiences, metadata: {}, subjects: [], expiresAt: key.expiresAt?.getTime() ?? null },
    versions: [{ version: 1, state: "active", expiresAt: null }],
  };
  return decide(record, 1, request, catalogue, NOW).valid;
}

describe("which changes of a key pass the barrier (C4)", () => {
  test("a change that is not called narrowing refuses nothing that was accepted before", () => {
    fc.assert(
      fc.property(keys, keys, requests, (was, is, request) => {
        const before = keyOf(was);
        const after = keyOf(is);
        fc.pre(!mayNarrow(before, after));
        if (accepts(before, request)) expect(accepts(after, request)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test("no change at all, and pure widening, do not wait", () => {
    const narrow = keyOf({ tier: "read", allowedIps: ["10.0.0.0/8"], expiresAt: new Date(NOW + 1000) });
    expect(mayNarrow(narrow, narrow)).toBe(false);
    expect(mayNarrow(narrow, keyOf({ tier: "admin", allowedIps: [], expiresAt: null }))).toBe(false);
  });

  test.each([
    ["a lower tier", { tier: "write" }, { tier: "read" }],
    ["a scope gone", { scopes: ["contacts:read", "contacts:write"] }, { scopes: ["contacts:read"] }],
    ["an earlier expiry", { expiresAt: null }, { expiresAt: new Date(NOW + 1000) }],
    ["the first address range", { allowedIps: [] }, { allowedIps: ["10.0.0.0/8"] }],
    [
      "an origin gone",
      { allowedReferrers: ["https://a.example", "https://b.example"] },
      { allowedReferrers: ["https://a.example"] },
    ],
    ["the first audience", { audiences: [] }, { audiences: ["billing"] }],
    ["another limit", { limits: [] }, { limits: [{ name: "burst", amount: 1, per: "second" }] }],
  ] as [string, Partial<Key>, Partial<Key>][])("%s waits", (_, was, is) => {
    expect(mayNarrow(keyOf(was), keyOf(is))).toBe(true);
  });
});
