import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkGrantedScope,
  checkScopeName,
  checkScopeQuery,
  compileCatalogue,
  expandScopes,
  type Grant,
  isAdminGrant,
  isSensitiveGrant,
  missingScopes,
  type ScopeQuery,
  satisfies,
  TIERS,
  tierAllowsMethod,
  tierAtLeast,
  withinGrant,
} from "./index.ts";

const catalogue = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "contacts:notes:read", tier: "read", sensitive: false },
    { name: "contacts:export", tier: "read", sensitive: true },
    { name: "users:manage", tier: "admin", sensitive: false },
    { name: "billing:pay", tier: "admin", sensitive: true },
  ],
});
const NAMES = [...catalogue.scopes.keys()];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const grant = (tier: Grant["tier"], ...scopes: string[]): Grant => ({ tier, scopes });

const grantedNames = fc.constantFrom(...NAMES, "contacts:*", "contacts:notes:*", "users:*", "*", ":*", "gone:read");
const grants: fc.Arbitrary<Grant> = fc.record({
  tier: fc.constantFrom(null, ...TIERS),
  scopes: fc.uniqueArray(grantedNames, { maxLength: 4 }),
});
const askedNames = fc.constantFrom(...NAMES, ...TIERS, "contacts:*", "gone:read", "*", "");
const { query: queries } = fc.letrec<{ query: ScopeQuery }>((tie) => {
  const parts = fc.array(fc.oneof({ maxDepth: 3 }, askedNames, tie("query")), { maxLength: 3 });
  return {
    query: fc.oneof(
      { maxDepth: 3 },
      fc.array(askedNames, { maxLength: 3 }),
      parts.map((all) => ({ all })),
      parts.map((any) => ({ any })),
    ),
  };
});
const methods = fc.constantFrom(undefined, ...METHODS);

describe("tiers (B1)", () => {
  test("read allows GET and HEAD only; write and admin also POST, PUT, PATCH and DELETE; no tier anything else", () => {
    const allowed = (tier: (typeof TIERS)[number]) =>
      [...METHODS, "OPTIONS", "TRACE", "PURGE", "", "poſt"].filter((m) => tierAllowsMethod(tier, m));
    expect(allowed("read")).toEqual(["GET", "HEAD"]);
    expect(allowed("write")).toEqual(METHODS);
    expect(allowed("admin")).toEqual(METHODS);
    expect(tierAllowsMethod("read", "post")).toBe(false);
    expect(tierAllowsMethod("read", "get")).toBe(true);
  });

  test("a tier includes itself and those below; no tier, and what is none, includes nothing", () => {
    for (const [i, a] of TIERS.entries()) for (const [j, b] of TIERS.entries()) expect(tierAtLeast(a, b)).toBe(i >= j);
    expect(tierAtLeast(null, "read")).toBe(false);
    expect(tierAtLeast("root" as "admin", "read")).toBe(false);
    expect(tierAtLeast("admin", "root" as "admin")).toBe(false);
  });
});

describe("what a grant satisfies (B1, B8)", () => {
  test("a tier satisfies every scope of its own or a lower tier, but never a sensitive one", () => {
    expect(satisfies(grant("write"), ["contacts:read"], catalogue)).toBe(true);
    expect(satisfies(grant("write"), ["contacts:write"], catalogue)).toBe(true);
    expect(satisfies(grant("write"), ["users:manage"], catalogue)).toBe(false);
    expect(satisfies(grant("admin"), ["contacts:export"], catalogue)).toBe(false);
    expect(satisfies(grant("admin", "contacts:export"), ["contacts:export"], catalogue)).toBe(true);
  });

  test("a read tier opens GET only, a scope granted by name every method", () => {
    expect(satisfies(grant("read"), ["contacts:read"], catalogue, "GET")).toBe(true);
    expect(satisfies(grant("read"), ["contacts:read"], catalogue, "POST")).toBe(false);
    expect(satisfies(grant("read"), ["read"], catalogue, "POST")).toBe(false);
    expect(satisfies(grant(null, "contacts:read"), ["contacts:read"], catalogue, "POST")).toBe(true);
  });

  test("a wildcard grants what the catalogue has below it, never sensitive scopes and never beyond it", () => {
    const wild = grant(null, "contacts:*");
    expect(satisfies(wild, ["contacts:read", "contacts:write", "contacts:notes:read"], catalogue)).toBe(true);
    for (const name of ["contacts:export", "users:manage", "contacts:gone", "contacts:", "contacts"]) {
      expect(satisfies(wild, [name], catalogue)).toBe(false);
    }
  });

  test("a bare star, an empty stem and a half wildcard grant nothing", () => {
    for (const granted of ["*", ":*", "contacts*", "contacts:r*", "", "**:*"]) {
      for (const name of NAMES) expect(satisfies(grant(null, granted), [name], catalogue)).toBe(false);
    }
  });

  test("asking for a wildcard asks for all that it would grant, and for at least one", () => {
    expect(satisfies(grant(null, "contacts:*"), ["contacts:*"], catalogue)).toBe(true);
    expect(satisfies(grant(null, "contacts:read"), ["contacts:*"], catalogue)).toBe(false);
    expect(satisfies(grant("write"), ["contacts:*"], catalogue)).toBe(true);
    expect(satisfies(grant("admin"), ["nothing:*"], catalogue)).toBe(false);
    expect(satisfies(grant("admin"), ["*"], catalogue)).toBe(false);
  });

  test("a name that the catalogue lacks is never satisfied, whatever the key holds", () => {
    expect(satisfies(grant("admin", "gone:read", "gone:*"), ["gone:read"], catalogue)).toBe(false);
    for (const name of ["__proto__", "constructor", "toString"]) {
      expect(satisfies(grant("admin", name), [name], catalogue)).toBe(false);
    }
  });

  test("all and any nest; an empty list is never satisfied and empty scopes hold nothing", () => {
    const held = grant(null, "contacts:read");
    expect(satisfies(held, { any: ["users:manage", { all: ["contacts:read"] }] }, catalogue)).toBe(true);
    expect(satisfies(held, { all: ["contacts:read", { any: ["users:manage", "contacts:write"] }] }, catalogue)).toBe(
      false,
    );
    for (const query of [[], { all: [] }, { any: [] }, { any: [[]] }, { all: ["contacts:read", []] }] as ScopeQuery[]) {
      expect(satisfies(grant("admin", ...NAMES), query, catalogue)).toBe(false);
    }
    for (const name of [...NAMES, ...TIERS]) expect(satisfies(grant(null), [name], catalogue)).toBe(false);
  });

  test("taking a scope or the tier away never satisfies more, nor does a known method (monotone)", () => {
    fc.assert(
      fc.property(grants, grants, queries, methods, (a, b, query, method) => {
        const more: Grant = { tier: a.tier, scopes: [...a.scopes, ...b.scopes] };
        if (satisfies(a, query, catalogue, method)) expect(satisfies(more, query, catalogue, method)).toBe(true);
        if (satisfies({ ...a, tier: null }, query, catalogue, method))
          expect(satisfies(a, query, catalogue, method)).toBe(true);
        if (satisfies(a, query, catalogue, method)) expect(satisfies(a, query, catalogue)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("anything else than a query is not satisfied, and nothing throws", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), (value) => {
        const query = value as ScopeQuery;
        const known = JSON.stringify(value)?.includes(":") ?? false;
        if (!known) expect(satisfies(grant("admin"), query, catalogue)).toBe(false);
        missingScopes(grant(null), query, catalogue);
      }),
    );
    const circular: { all: unknown[] } = { all: [] };
    circular.all.push(circular, circular);
    expect(satisfies(grant("admin"), circular as ScopeQuery, catalogue)).toBe(false);
  });
});

describe("the form of a query", () => {
  test("lists and nested all or any pass; other forms, too deep and too many do not", () => {
    let nested: unknown = ["a:b"];
    for (let i = 0; i < 7; i++) nested = { all: [nested] };
    expect(checkScopeQuery(nested)).toBeNull();
    expect(checkScopeQuery({ any: [nested] })).toMatch(/nested/);
    expect(checkScopeQuery(Array(64).fill("a:b"))).toBeNull();
    expect(checkScopeQuery(Array(65).fill("a:b"))).toMatch(/64/);
    expect(checkScopeQuery({ all: Array(1e5).fill([]) })).toMatch(/64/);
    for (const wrong of [
      "a:b",
      null,
      5,
      {},
      { all: "a" },
      { all: [], any: [] },
      { not: [] },
      [["a:b"]],
      [5],
      { all: [null] },
      [""],
      ["x".repeat(101)],
    ]) {
      expect(checkScopeQuery(wrong)).not.toBeNull();
    }
    expect(checkScopeQuery(JSON.parse('{"__proto__":["a:b"]}'))).not.toBeNull();
  });
});

describe("missing scopes", () => {
  test("names exactly what is lacking, of any the alternative that lacks least", () => {
    const held = grant(null, "contacts:read");
    expect(missingScopes(held, ["contacts:read", "contacts:write", "contacts:write"], catalogue)).toEqual([
      "contacts:write",
    ]);
    expect(
      missingScopes(held, { any: [{ all: ["contacts:write", "users:manage"] }, "billing:pay"] }, catalogue),
    ).toEqual(["billing:pay"]);
    expect(missingScopes(held, ["contacts:read"], catalogue)).toEqual([]);
    expect(missingScopes(held, ['a"b', "c\\d", "e f"], catalogue)).toEqual([]);
  });

  test("granting what is missing from a query of known names satisfies it", () => {
    fc.assert(
      fc.property(
        grants,
        fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
        methods,
        (held, query, method) => {
          const lacking = missingScopes(held, query, catalogue, method);
          expect(lacking.length === 0).toBe(satisfies(held, query, catalogue, method));
          expect(satisfies({ ...held, scopes: [...held.scopes, ...lacking] }, query, catalogue, method)).toBe(true);
        },
      ),
    );
  });
});

describe("names", () => {
  test("scope names are resource:action; reserved ones, wildcards and other forms are refused", () => {
    for (const name of ["contacts:read", "a:b:c", "billing.invoices:read_all", "x-y:0"])
      expect(checkScopeName(name)).toBeNull();
    for (const name of [
      "",
      "contacts",
      "verify",
      "claviger:keys",
      "contacts:*",
      "Contacts:read",
      "contacts:",
      ":read",
      "1a:b",
      "a::b",
      "a:b\n",
      "a b:c",
      `a:${"b".repeat(99)}`,
    ]) {
      expect(checkScopeName(name)).not.toBeNull();
    }
  });

  test("a grant may hold names and wildcards, but no bare star, no tier and nothing reserved", () => {
    for (const name of ["contacts:read", "contacts:*", "a:b:*"]) expect(checkGrantedScope(name)).toBeNull();
    for (const name of ["*", ":*", "read", "admin", "claviger:*", "verify", "a:*:b", "a*", "a:**", "a:b*"]) {
      expect(checkGrantedScope(name)).not.toBeNull();
    }
  });
});

describe("grants", () => {
  test("expanding gives sorted explicit names of the catalogue, without sensitive and unknown ones", () => {
    expect(expandScopes(["users:manage", "contacts:*", "contacts:read", "gone:read", "*"], catalogue)).toEqual([
      "contacts:notes:read",
      "contacts:read",
      "contacts:write",
      "users:manage",
    ]);
    expect(expandScopes(["contacts:export"], catalogue)).toEqual(["contacts:export"]);
  });

  test("expanding a grant changes nothing about what it satisfies", () => {
    fc.assert(
      fc.property(grants, queries, methods, (held, query, method) => {
        const expanded = { ...held, scopes: expandScopes(held.scopes, catalogue) };
        expect(satisfies(expanded, query, catalogue, method)).toBe(satisfies(held, query, catalogue, method));
      }),
    );
  });

  test("an admin grant is recognised by tier, by name and through a wildcard (A2)", () => {
    for (const admin of [
      grant("admin"),
      grant(null, "users:manage"),
      grant("read", "users:*"),
      grant(null, "billing:pay"),
    ]) {
      expect(isAdminGrant(admin, catalogue)).toBe(true);
    }
    expect(isAdminGrant(grant("write", "contacts:*", "contacts:export", "billing:*"), catalogue)).toBe(false);
    expect(isSensitiveGrant(grant(null, "contacts:export"), catalogue)).toBe(true);
    expect(isSensitiveGrant(grant("admin", "contacts:*", "billing:*"), catalogue)).toBe(false);
  });

  test("a child within its parent satisfies nothing that the parent does not (B5)", () => {
    let within = 0;
    fc.assert(
      fc.property(grants, grants, queries, methods, (child, parent, query, method) => {
        fc.pre(withinGrant(child, parent, catalogue));
        within++;
        if (satisfies(child, query, catalogue, method)) expect(satisfies(parent, query, catalogue, method)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(within).toBeGreaterThan(100);
  });

  test("a child may be equal or narrower, but not gain by a tier, a wildcard or a sensitive scope (B5)", () => {
    const yes: [Grant, Grant][] = [
      [grant(null), grant(null)],
      [grant("write", "contacts:export"), grant("write", "contacts:export")],
      [grant("read"), grant("write")],
      [grant(null, "contacts:read"), grant(null, "contacts:*")],
      [grant(null, "contacts:notes:*"), grant(null, "contacts:*")],
      [grant(null, "contacts:write"), grant("write")],
      [grant(null, "contacts:*"), grant("admin")],
    ];
    const no: [Grant, Grant][] = [
      [grant("read"), grant(null, ...NAMES)],
      [grant("admin"), grant("write")],
      [grant(null, "contacts:export"), grant("admin", "contacts:*")],
      [grant(null, "contacts:*"), grant(null, "contacts:read", "contacts:write", "contacts:notes:read")],
      [grant(null, "contacts:*"), grant("write")],
      [grant(null, "contacts:read"), grant("read")],
      [grant(null, "gone:read"), grant("admin")],
    ];
    for (const [child, parent] of yes) expect(withinGrant(child, parent, catalogue)).toBe(true);
    for (const [child, parent] of no) expect(withinGrant(child, parent, catalogue)).toBe(false);
  });
});

describe("the catalogue", () => {
  test("a name defined twice or without a tier is a mistake of the program", () => {
    const scope = { name: "a:b", tier: "read", sensitive: false } as const;
    expect(() => compileCatalogue({ scopes: [scope, scope] })).toThrow(TypeError);
    expect(() => compileCatalogue({ scopes: [{ ...scope, tier: "root" as "admin" }] })).toThrow(TypeError);
  });

  test("unmapped routes are refused unless allowed in so many words (B3)", () => {
    expect(compileCatalogue({ scopes: [] }).unmapped).toBe("refuse");
    expect(compileCatalogue({ scopes: [], unmapped: "x" as "allow" }).unmapped).toBe("refuse");
    expect(compileCatalogue({ scopes: [], unmapped: "allow" }).unmapped).toBe("allow");
  });
});
