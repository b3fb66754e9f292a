import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalogue } from "./catalogue.ts";
import { withinGrant } from "./grant.ts";
import { leastGrant, openedScopes } from "./least-grant.ts";
import { type Grant, satisfiesName } from "./satisfies.ts";
import type { Tier } from "./tier.ts";

const catalogue = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "deals:read", tier: "read", sensitive: false },
    { name: "users:write", tier: "admin", sensitive: false },
    { name: "audit:read", tier: "read", sensitive: true },
  ],
});
const least = (tier: Tier | null, scopes: string[], ...uses: [scope: string, method?: string][]) =>
  leastGrant(
    { tier, scopes },
    uses.map(([scope, method]) => ({ scope, method })),
    catalogue,
  );

describe("the least grant for what a key did (B7)", () => {
  test("is by the names that were used, in place of wildcards, higher tiers and names that were not", () => {
    expect(least(null, ["contacts:*"], ["contacts:read", "GET"])).toEqual({ tier: null, scopes: ["contacts:read"] });
    expect(least("admin", [], ["contacts:write", "POST"], ["deals:read", "GET"])).toEqual({
      ...{ tier: null, scopes: ["contacts:write", "deals:read"] },
    });
    expect(least("write", ["audit:read"], ["audit:read", "GET"])).toEqual({ tier: null, scopes: ["audit:read"] });
  });

  test("is by wildcards and tiers where a program asks for those, and by names where it tells no method", () => {
    expect(least(null, ["contacts:*", "deals:*"], ["contacts:*"])).toEqual({ tier: null, scopes: ["contacts:*"] });
    expect(least("admin", ["audit:read"], ["read"])).toEqual({ tier: "read", scopes: [] });
    expect(least("write", ["audit:read"], ["read"], ["audit:read"])).toEqual({ tier: "read", scopes: ["audit:read"] });
    expect(least(null, ["contacts:*", "deals:read"], ["contacts:read"])).toEqual({
      ...{ tier: null, scopes: ["contacts:read"] },
    });
  });

  test("keeps the tier read where a name would open methods that the tier does not", () => {
    expect(least("read", ["audit:read", "deals:read"], ["contacts:read", "GET"])).toEqual({ tier: "read", scopes: [] });
    expect(least("read", ["audit:read"], ["audit:read", "GET"])).toEqual({ tier: null, scopes: ["audit:read"] });
  });

  test("is none where there is nothing to take away", () => {
    expect(least(null, ["contacts:read"], ["contacts:read", "GET"])).toBeNull();
    expect(least("read", [], ["contacts:read", "GET"])).toBeNull();
    // Not accepted by this grant as it is now: nothing less can be.
    expect(least(null, ["contacts:*"], ["users:write", "POST"])).toBeNull();
  });

  test("opens all that was used, and nothing that the grant does not", () => {
    const tier = fc.constantFrom<Tier | null>(null, "read", "write", "admin");
    const names = [...catalogue.scopes.keys(), "contacts:*", "deals:*", "users:*"];
    const use = fc.record({
      scope: fc.constantFrom(...names, "read", "write", "admin"),
      method: fc.constantFrom("GET", "POST", undefined),
    });
    fc.assert(
      fc.property(tier, fc.subarray(names), fc.array(use, { maxLength: 6 }), (level, scopes, all) => {
        const grant: Grant = { tier: level, scopes };
        const uses = all.filter(({ scope, method }) => satisfiesName(grant, scope, catalogue, method));
        const found = leastGrant(grant, uses, catalogue);
        if (found === null) return;
        expect(withinGrant(found, grant, catalogue)).toBe(true);
        expect(withinGrant(grant, found, catalogue)).toBe(false);
        for (const { scope, method } of uses) expect(satisfiesName(found, scope, catalogue, method)).toBe(true);
        for (const name of openedScopes(found, catalogue)) {
          for (const method of ["GET", "POST"]) {
            if (satisfiesName(found, name, catalogue, method)) {
              expect(satisfiesName(grant, name, catalogue, method)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
