import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalogue } from "../scopes/index.ts";
import { decide, type KeyRecord, type VerifyRequest } from "./index.ts";

const NOW = Date.UTC(2030, 0, 15, 12);
const DAY = 86_400_000;

const definition = {
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "contacts:export", tier: "read", sensitive: true },
  ],
  routes: [
    { method: "GET", path: "/contacts/{id}", scope: "contacts:read" },
    { method: "POST", path: "/contacts", scope: "contacts:write" },
    { method: "POST", path: "/contacts/search", scope: "contacts:read" },
    { method: "GET", path: "/export", scope: "contacts:export" },
    { method: "GET", path: "/admin", scope: "gone:read" },
  ],
} as const;
const catalogue = compileCatalogue(definition);
const open = compileCatalogue({ ...definition, unmapped: "allow" });

function key(change: Partial<KeyRecord> = {}): KeyRecord {
  return {
    keyId: "key_1",
    account: "acct_1",
    environment: "live",
    state: "active",
    accountState: "active",
    expiresAt: NOW + DAY,
    tier: "read",
    scopes: [],
    versions: [
      { version: 1, state: "ended", expiresAt: null },
      { version: 2, state: "active", expiresAt: NOW + 1000 },
      { version: 3, state: "active", expiresAt: null },
    ],
    allowedIps: [],
    allowedReferrers: [],
    audiences: [],
    metadata: {},
    subjects: ["key_1"],
    ...change,
  };
}

const ask = (change: Partial<VerifyRequest> = {}): VerifyRequest => ({ environment: "live", ...change });
const code = (record: KeyRecord, request: VerifyRequest = ask(), version = 3, now = NOW) =>
  decide(record, version, request, catalogue, now).code;

describe("a valid key", () => {
  test("is valid, and the verdict says what was checked, which version and until when", () => {
    const record = key();
    expect(decide(record, 3, ask(), catalogue, NOW)).toEqual({
      valid: true,
      code: "VALID",
      checked: "identity",
      route: null,
      record,
      version: 3,
      expiresAt: NOW + DAY,
    });
    expect(decide(record, 2, ask({ scopes: ["contacts:read"] }), catalogue, NOW)).toMatchObject({
      checked: "scopes",
      version: 2,
      expiresAt: NOW + 1000,
    });
    expect(decide(record, 3, ask({ method: "GET", path: "/contacts/7" }), catalogue, NOW)).toMatchObject({
      checked: "route",
      route: "/contacts/{id}",
    });
    expect(decide(key({ expiresAt: null }), 3, ask(), catalogue, NOW)).toMatchObject({ valid: true, expiresAt: null });
  });

  test("both versions of an overlap verify, each for itself (D4, D7)", () => {
    expect(code(key(), ask(), 2)).toBe("VALID");
    expect(code(key(), ask(), 3)).toBe("VALID");
    expect(code(key(), ask(), 2, NOW + 1000)).toBe("EXPIRED");
    expect(code(key(), ask(), 3, NOW + 1000)).toBe("VALID");
    expect(code(key(), ask(), 1)).toBe("REVOKED");
    expect(code(key(), ask(), 4)).toBe("REVOKED");
  });
});

describe("expiry (D2)", () => {
  test("the instant of expiry is expired, the millisecond before is not", () => {
    expect(code(key({ expiresAt: NOW + 1 }))).toBe("VALID");
    expect(code(key({ expiresAt: NOW }))).toBe("EXPIRED");
  });

  test("an expiry that is no finite number refuses, and so does a clock that is none", () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, "2099-01-01", undefined, {}]) {
      expect(code(key({ expiresAt: bad as number }))).toBe("EXPIRED");
      expect(code(key({ versions: [{ version: 3, state: "active", expiresAt: bad as number }] }))).toBe("EXPIRED");
    }
    expect(code(key(), ask(), 3, Number.NaN)).toBe("EXPIRED");
  });
});

describe("refusals (C3, B4, B6)", () => {
  const bound = {
    audiences: ["billing"],
    allowedIps: ["203.0.113.0/24"],
    allowedReferrers: ["https://app.example.com"],
  };
  const satisfied = ask({ audience: "billing", ip: "203.0.113.9", origin: "https://app.example.com" });

  test("a bound key is refused unless the request says that it fits", () => {
    expect(code(key(bound), satisfied)).toBe("VALID");
    expect(code(key(bound), { ...satisfied, audience: undefined })).toBe("AUDIENCE_NOT_ALLOWED");
    expect(code(key(bound), { ...satisfied, audience: "other" })).toBe("AUDIENCE_NOT_ALLOWED");
    expect(code(key(bound), { ...satisfied, ip: undefined })).toBe("IP_NOT_ALLOWED");
    expect(code(key(bound), { ...satisfied, ip: "198.51.100.1" })).toBe("IP_NOT_ALLOWED");
    expect(code(key(bound), { ...satisfied, origin: undefined })).toBe("REFERRER_NOT_ALLOWED");
    expect(code(key({ allowedIps: ["rubbish"] }), satisfied)).toBe("IP_NOT_ALLOWED");
  });

  test("environment and account each have their own refusal", () => {
    expect(code(key(), ask({ environment: "test" }))).toBe("WRONG_ENVIRONMENT");
    expect(code(key(), {} as VerifyRequest)).toBe("WRONG_ENVIRONMENT");
    expect(code(key(), ask({ account: "acct_2" }))).toBe("WRONG_ACCOUNT");
    expect(code(key(), ask({ account: "acct_1" }))).toBe("VALID");
  });

  test("of several reasons the first in the documented order is given", () => {
    const faults: [Partial<KeyRecord>, Partial<VerifyRequest>, string][] = [
      [{ state: "revoked" }, {}, "REVOKED"],
      [{ expiresAt: NOW - 1 }, {}, "EXPIRED"],
      [{ state: "suspended" }, {}, "SUSPENDED"],
      [{ accountState: "suspended" }, {}, "ACCOUNT_SUSPENDED"],
      [{}, { environment: "test" }, "WRONG_ENVIRONMENT"],
      [{}, { account: "acct_2" }, "WRONG_ACCOUNT"],
      [{ audiences: ["billing"] }, {}, "AUDIENCE_NOT_ALLOWED"],
      [{ allowedIps: ["203.0.113.0/24"] }, {}, "IP_NOT_ALLOWED"],
      [{ allowedReferrers: ["https://app.example.com"] }, {}, "REFERRER_NOT_ALLOWED"],
      [{}, { method: "GET", path: "/unmapped" }, "ROUTE_NOT_MAPPED"],
      [{}, { scopes: ["contacts:write"] }, "INSUFFICIENT_SCOPE"],
    ];
    for (let i = 0; i < faults.length; i++) {
      const rest = faults.slice(i).reverse();
      const record = key(Object.assign({}, ...rest.map(([change]) => change)));
      const request = ask(Object.assign({}, ...rest.map(([, change]) => change)));
      expect(code(record, request)).toBe(faults[i]?.[2]);
    }
  });

  test("an unknown state refuses", () => {
    expect(code(key({ state: "new" as "active" }))).toBe("SUSPENDED");
    expect(code(key({ accountState: "closed" as "active" }))).toBe("ACCOUNT_SUSPENDED");
    expect(code(key({ versions: [{ version: 3, state: "pending" as "active", expiresAt: null }] }))).toBe("REVOKED");
  });

  test("a record with new lists is judged by the new ones", () => {
    const request = ask({ ip: "203.0.113.9" });
    expect(code(key({ allowedIps: ["203.0.113.0/24"] }), request)).toBe("VALID");
    const record = { ...key(), allowedIps: ["203.0.113.0/24"] };
    expect(code(record, request)).toBe("VALID");
    record.allowedIps = ["198.51.100.0/24"];
    expect(code(record, request)).toBe("IP_NOT_ALLOWED");
  });
});

describe("scopes and routes (B1, B3)", () => {
  test("the scope of the mapped route decides, and the refusal names it", () => {
    expect(decide(key(), 3, ask({ method: "POST", path: "/contacts" }), catalogue, NOW)).toMatchObject({
      valid: false,
      code: "INSUFFICIENT_SCOPE",
      missing: ["contacts:write"],
      route: "/contacts",
    });
    expect(code(key({ tier: "write" }), ask({ method: "POST", path: "/contacts" }))).toBe("VALID");
    expect(code(key({ tier: "admin" }), ask({ method: "GET", path: "/export" }))).toBe("INSUFFICIENT_SCOPE");
    expect(code(key({ tier: "admin" }), ask({ method: "GET", path: "/admin" }))).toBe("INSUFFICIENT_SCOPE");
  });

  test("a read tier opens no POST even where the route asks for a read scope", () => {
    const search = ask({ method: "POST", path: "/contacts/search" });
    expect(code(key({ tier: "read" }), search)).toBe("INSUFFICIENT_SCOPE");
    expect(code(key({ tier: null, scopes: ["contacts:read"] }), search)).toBe("VALID");
  });

  test("scopes that are asked for count in addition to the route", () => {
    const both = ask({ method: "GET", path: "/contacts/7", scopes: ["contacts:export"] });
    expect(decide(key(), 3, both, catalogue, NOW)).toMatchObject({
      code: "INSUFFICIENT_SCOPE",
      missing: ["contacts:export"],
    });
    expect(code(key({ scopes: ["contacts:export"] }), both)).toBe("VALID");
  });

  test("a key without tier and scopes has its identity and nothing else (B8)", () => {
    const nothing = key({ tier: null });
    expect(code(nothing)).toBe("VALID");
    expect(code(nothing, ask({ method: "GET", path: "/contacts/7" }))).toBe("INSUFFICIENT_SCOPE");
    expect(code(nothing, ask({ scopes: ["read"] }))).toBe("INSUFFICIENT_SCOPE");
    expect(code(key({ tier: "admin" }), ask({ scopes: [] }))).toBe("INSUFFICIENT_SCOPE");
    expect(decide(nothing, 3, ask({ method: "GET", path: "/elsewhere" }), open, NOW).code).toBe("INSUFFICIENT_SCOPE");
  });

  test("an unmapped route is refused unless the platform allows it, an ambiguous path always", () => {
    const unmapped = ask({ method: "GET", path: "/elsewhere" });
    expect(code(key(), unmapped)).toBe("ROUTE_NOT_MAPPED");
    expect(decide(key(), 3, unmapped, open, NOW)).toMatchObject({ valid: true, checked: "identity", route: null });
    for (const path of ["//contacts", "/x/../contacts/7", "/Contacts/7", "/contacts%2f7", ""]) {
      expect(decide(key({ tier: "admin" }), 3, ask({ method: "GET", path }), open, NOW).code).toBe("ROUTE_NOT_MAPPED");
    }
    expect(decide(key({ tier: "admin" }), 3, ask({ path: "/elsewhere" }), open, NOW).code).toBe("ROUTE_NOT_MAPPED");
  });

  test("where unmapped routes pass, a read tier alone still keeps to GET and HEAD", () => {
    const post = ask({ method: "POST", path: "/elsewhere" });
    expect(decide(key({ tier: "read" }), 3, post, open, NOW).code).toBe("INSUFFICIENT_SCOPE");
    expect(decide(key({ tier: "write" }), 3, post, open, NOW).code).toBe("VALID");
    expect(decide(key({ tier: null, scopes: ["contacts:read"] }), 3, post, open, NOW).code).toBe("VALID");
  });
});

describe("whatever is asked", () => {
  const names = fc.constantFrom("contacts:read", "contacts:write", "contacts:export", "contacts:*", "gone:read");
  /** The first value most of the time, so that enough of the runs are valid; one of the others otherwise. */
  const mostly = <T>(usual: T, ...others: T[]) =>
    fc.oneof({ arbitrary: fc.constant(usual), weight: 8 }, { arbitrary: fc.constantFrom(...others), weight: 2 });
  const expiry = mostly<number | null>(NOW + DAY, null, NOW - 1, NOW, NOW + 1, Number.NaN);
  const records: fc.Arbitrary<KeyRecord> = fc
    .record({
      state: mostly<KeyRecord["state"]>("active", "suspended", "revoked"),
      accountState: mostly<KeyRecord["accountState"]>("active", "suspended"),
      environment: mostly("live", "test"),
      expiresAt: expiry,
      tier: fc.constantFrom(null, "read" as const, "write" as const, "admin" as const),
      scopes: fc.uniqueArray(names),
      versions: fc.tuple(
        ...[1, 2, 3].map((version) =>
          fc.record({
            version: fc.constant(version),
            state: mostly<"active" | "ended">("active", "ended"),
            expiresAt: expiry,
          }),
        ),
      ),
      allowedIps: mostly<string[]>([], ["203.0.113.0/24"], ["x"]),
      allowedReferrers: mostly<string[]>([], ["https://a.test"]),
      audiences: mostly<string[]>([], ["billing"]),
    })
    .map(key);
  const maybe = <T>(value: T, ...others: T[]) => mostly<T | undefined>(value, undefined, ...others);
  const requests: fc.Arbitrary<VerifyRequest> = fc.record({
    environment: fc.constant("live"),
    scopes: fc.option(fc.uniqueArray(names, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    method: maybe("GET", "POST"),
    path: maybe("/contacts/1", "/contacts", "/contacts/search", "/export", "/unmapped", "//x"),
    account: maybe("acct_1", "acct_2"),
    audience: maybe("billing"),
    ip: maybe("203.0.113.7", "::1"),
    origin: maybe("https://a.test", "https://b.test"),
    referrer: maybe("https://a.test/x"),
  });
  const versions = fc.integer({ min: 1, max: 3 });
  const catalogues = fc.constantFrom(catalogue, open);

  test("it answers and never throws, for requests of any form", () => {
    const anyRequest = fc.record(
      Object.fromEntries(
        ["environment", "scopes", "method", "path", "account", "audience", "ip", "referrer", "origin"].map((field) => [
          field,
          field === "environment" ? fc.constant("live") : fc.anything(),
        ]),
      ),
      { requiredKeys: ["environment"] },
    );
    fc.assert(
      fc.property(records, fc.anything(), anyRequest, catalogues, fc.double(), (record, version, request, cat, now) => {
        const verdict = decide(record, version as number, request as unknown as VerifyRequest, cat, now);
        expect(typeof verdict.valid).toBe("boolean");
      }),
      { numRuns: 1000 },
    );
  });

  test("a valid verdict implies every condition, whatever else is true of key and request", () => {
    let valid = 0;
    fc.assert(
      fc.property(records, versions, requests, catalogues, (record, version, request, cat) => {
        const verdict = decide(record, version, request, cat, NOW);
        if (!verdict.valid) return;
        valid++;
        expect([record.state, record.accountState, record.environment]).toEqual([
          "active",
          "active",
          request.environment,
        ]);
        expect(record.expiresAt === null || record.expiresAt > NOW).toBe(true);
        const presented = record.versions.findLast((candidate) => candidate.version === version);
        expect(presented?.state).toBe("active");
        expect(presented?.expiresAt === null || (presented?.expiresAt ?? 0) > NOW).toBe(true);
        if (request.account !== undefined) expect(request.account).toBe(record.account);
        if (record.audiences.length > 0) expect(record.audiences).toContain(request.audience);
        if (record.allowedIps.length > 0) expect(request.ip).toBe("203.0.113.7");
        if (record.allowedReferrers.length > 0) expect(request.origin ?? request.referrer).toContain("//a.test");
        if (request.path !== undefined && cat === catalogue) expect(verdict.checked).toBe("route");
      }),
      { numRuns: 4000 },
    );
    expect(valid).toBeGreaterThan(200);
  });

  test("taking a scope, the tier or time away, or binding the key, never makes it valid", () => {
    const narrowings: ((record: KeyRecord) => KeyRecord)[] = [
      (r) => ({ ...r, scopes: r.scopes.slice(1) }),
      (r) => ({ ...r, scopes: [] }),
      (r) => ({ ...r, tier: null }),
      (r) => ({ ...r, tier: r.tier === "admin" ? "write" : r.tier === "write" ? "read" : null }),
      (r) => ({ ...r, expiresAt: NOW }),
      (r) => ({ ...r, state: "suspended" }),
      (r) => ({ ...r, accountState: "suspended" }),
      (r) => ({ ...r, allowedIps: ["203.0.113.6/31"] }),
      (r) => ({ ...r, audiences: ["billing"] }),
      (r) => ({ ...r, allowedReferrers: ["https://a.test/x"] }),
      (r) => ({ ...r, versions: r.versions.map((v) => ({ ...v, state: "ended" })) }),
    ];
    let stillValid = 0;
    fc.assert(
      fc.property(
        records,
        versions,
        requests,
        catalogues,
        fc.constantFrom(...narrowings),
        (record, version, request, cat, narrow) => {
          // Giving an unreadable range a readable one widens.
          fc.pre(record.allowedIps[0] !== "x");
          if (decide(narrow(record), version, request, cat, NOW).valid) {
            stillValid++;
            expect(decide(record, version, request, cat, NOW).valid).toBe(true);
          }
        },
      ),
      { numRuns: 4000 },
    );
    expect(stillValid).toBeGreaterThan(100);
  });

  test("time alone never makes an expired key valid again", () => {
    fc.assert(
      fc.property(records, versions, requests, fc.nat({ max: 2 * DAY }), (record, version, request, later) => {
        if (decide(record, version, request, catalogue, NOW).code === "EXPIRED") {
          expect(decide(record, version, request, catalogue, NOW + later).code).toBe("EXPIRED");
        }
      }),
    );
  });
});
