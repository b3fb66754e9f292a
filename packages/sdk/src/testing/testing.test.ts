import { afterEach, describe, expect, test } from "vitest";
import { createTestVerifier, type TestVerifierOptions } from "./index.ts";

const SCOPES = {
  "contacts:read": { tier: "read", routes: [{ method: "GET", path: "/contacts/{id}" }] },
  "contacts:write": { tier: "write", routes: [{ method: "POST", path: "/contacts" }] },
} as const;
const verifier = (keys: TestVerifierOptions["keys"], more: Partial<TestVerifierOptions> = {}) =>
  createTestVerifier({ keys, scopes: SCOPES, ...more });
const reader = { account: "acct_1", scopes: ["contacts:read"] };

describe("the double of the verifier", () => {
  test("decides at once, by the rules of the real one, on the keys that it was given", () => {
    const double = verifier({ test_reader: reader });
    expect(double.verify("test_reader", { method: "GET", path: "/contacts/7?a=1" })).toMatchObject({
      ...{ valid: true, code: "VALID", checked: "route", route: "/contacts/{id}", keyId: "key_test_reader" },
      ...{ account: "acct_1", environment: "test", scopes: ["contacts:read"], version: 1, expiresAt: null },
    });
    expect(double.verify("test_reader", { method: "POST", path: "/contacts" })).toMatchObject({
      valid: false,
      code: "INSUFFICIENT_SCOPE",
      missing: ["contacts:write"],
    });
    expect(double.verify("test_reader", { method: "GET", path: "/moon" })).toMatchObject({ code: "ROUTE_NOT_MAPPED" });
    expect(double.asked).toHaveLength(3);
  });

  test.each([
    ["REVOKED", { status: "revoked" }],
    ["SUSPENDED", { status: "suspended" }],
    ["ACCOUNT_SUSPENDED", { accountStatus: "suspended" }],
    ["EXPIRED", { expiresAt: "2029-12-31T23:59:59Z" }],
    ["WRONG_ENVIRONMENT", { environment: "live" }],
    ["IP_NOT_ALLOWED", { allowedIps: ["192.0.2.0/24"] }],
    ["AUDIENCE_NOT_ALLOWED", { audiences: ["crm"] }],
    ["RATE_LIMITED", { refuse: "RATE_LIMITED", retryAfterMs: 1_500 }],
  ] as const)("refuses with %s where the key says so", (code, change) => {
    const double = verifier({ test_key: { ...reader, ...change } }, { now: () => Date.UTC(2030, 0, 1) });
    expect(double.verify("test_key")).toMatchObject({ valid: false, code, keyId: "key_test_key", testDouble: true });
  });

  test("can be told of a change, of an outage and of its end", async () => {
    const double = verifier({ test_reader: reader });
    double.put("test_reader", { ...reader, status: "revoked" });
    expect(double.verify("test_reader")).toMatchObject({ code: "REVOKED" });
    double.unavailable = true;
    expect(double.verify("test_reader")).toMatchObject({ code: "UNAVAILABLE" });
    double.unavailable = false;
    double.put("test_reader", { ...reader, retiresAt: "2099-01-01T00:00:00Z" });
    expect(double.verify("test_reader")).toMatchObject({ valid: true, retiresAt: "2099-01-01T00:00:00.000Z" });
    await double.close();
    expect(double.verify("test_reader")).toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("it cannot be mistaken for the real one", () => {
  const before = process.env.NODE_ENV;
  afterEach(() => {
    process.env.NODE_ENV = before;
  });

  test("every verdict is marked, and it accepts nothing that it was not given", () => {
    const double = verifier({ test_reader: reader });
    expect(double.mode).toBe("test");
    for (const key of ["test_reader", "test_other", "", "toString", `clv_live_${"0".repeat(36)}`]) {
      const verdict = double.verify(key);
      expect(verdict).toMatchObject({ testDouble: true, valid: key === "test_reader" });
    }
  });

  test("no string that a platform could have issued is taken for a key", () => {
    for (const secret of [`clv_live_${"0".repeat(36)}`, "reader", "", `test_live_${"A".repeat(36)}`]) {
      expect(() => verifier({ [secret]: reader })).toThrow(TypeError);
    }
  });

  test("it does not start in production, nor go on where production begins", () => {
    const double = verifier({ test_reader: reader });
    process.env.NODE_ENV = "production";
    expect(() => verifier({ test_reader: reader })).toThrow(/NODE_ENV is production/);
    expect(() => double.verify("test_reader")).toThrow(/NODE_ENV is production/);
  });
});
