import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileCatalogue } from "../scopes/index.ts";
import {
  approverOf,
  atLeastAsStrict,
  BUILT_IN_POLICY,
  checkPolicy,
  DORMANCY_ACTIONS,
  KEY_POLICY_VALUES,
  type KeyPolicy,
  type PartialPolicy,
  type PolicyBody,
  type PolicyLayers,
  type PolicyValueName,
  type PolicyValues,
  REQUIRABLE_FIELDS,
  type ResolvedPolicy,
  RISKS,
  resolvePolicy,
  riskOf,
} from "./index.ts";
import { POLICY_VALUE_NAMES, sameValue, strictest } from "./strictness.ts";

const days = fc.option(fc.integer({ min: 1, max: 3650 }), { nil: null });
const values: { readonly [Name in PolicyValueName]: fc.Arbitrary<unknown> } = {
  lifetimeDays: days,
  maxLifetimeDays: days,
  rotationDays: days,
  overlapHours: fc.integer({ min: 0, max: 168 }),
  warningDays: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
  dormancyDays: days,
  dormancyAction: fc.constantFrom(...DORMANCY_ACTIONS),
  dormancyNoticeDays: fc.integer({ min: 0, max: 90 }),
  approvals: fc.array(fc.record({ by: fc.constantFrom("account", "staff") }), { maxLength: 2 }),
  requiredFields: fc.uniqueArray(fc.constantFrom(...REQUIRABLE_FIELDS), { maxLength: 3 }),
  labelPatterns: fc.uniqueArray(fc.constantFrom("[a-z]+", "x.*"), { maxLength: 2 }),
  requireIpBinding: fc.boolean(),
  maxActiveKeys: days,
};
const partial = fc.record(values, { requiredKeys: [] }) as fc.Arbitrary<PartialPolicy>;
const body = fc
  .tuple(partial, fc.record({ low: partial, elevated: partial, high: partial }, { requiredKeys: [] }))
  .map(([base, risks]): PolicyBody => ({ ...base, risks }));
const named = body.map((each) => ({ name: "p", body: each }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const ownPolicy = partial.map(
  (each) =>
    Object.fromEntries(KEY_POLICY_VALUES.flatMap((name) => (name in each ? [[name, each[name]]] : []))) as KeyPolicy,
);
const layers: fc.Arbitrary<PolicyLayers> = fc.record({
  platform: named,
  accountPolicy: maybe(named),
  account: maybe(body),
  environment: maybe(named.map((each) => ({ ...each, environment: "live" }))),
  key: maybe(ownPolicy),
});
const risk = fc.constantFrom(...RISKS);
const same = (name: PolicyValueName, a: unknown, b: unknown) => sameValue(a as never, b as never) || name === undefined;

const valuesOf = (resolved: ResolvedPolicy) =>
  Object.fromEntries(POLICY_VALUE_NAMES.map((name) => [name, resolved[name].value])) as unknown as PolicyValues;

/** Every value of `a` asks for at least what that of `b` does; the lifetime apart, which the longest one caps. */
function expectStricter(a: PolicyLayers, b: PolicyLayers, of: (typeof RISKS)[number]): void {
  const [left, right] = [resolvePolicy(a, of), resolvePolicy(b, of)];
  for (const name of POLICY_VALUE_NAMES) {
    expect(atLeastAsStrict(name, left[name].value as never, right[name].value as never), name).toBe(true);
  }
}

describe("strictness", () => {
  test("of two values is one of them or their union, whichever way round and however often", () => {
    for (const name of POLICY_VALUE_NAMES) {
      fc.assert(
        fc.property(values[name], values[name], values[name], (a, b, c) => {
          const both = (x: unknown, y: unknown) => strictest(name, x as never, y as never) as unknown;
          expect(same(name, both(a, b), both(b, a))).toBe(true);
          expect(same(name, both(both(a, b), c), both(a, both(b, c)))).toBe(true);
          expect(same(name, both(a, a), a)).toBe(true);
          expect(atLeastAsStrict(name, both(a, b) as never, a as never)).toBe(true);
        }),
      );
    }
  });
});

describe("which policy holds for a key (D1)", () => {
  test("what is said of a key, an environment or a risk never loosens anything", () => {
    fc.assert(
      fc.property(layers, risk, (all, of) => {
        expectStricter(all, { ...all, key: undefined }, of);
        expectStricter(all, { ...all, environment: undefined }, of);
        const withoutRisks = (each: PolicyBody): PolicyBody => ({ ...each, risks: undefined });
        const ground = { ...all, environment: undefined, key: undefined };
        const flat = {
          platform: { name: "p", body: withoutRisks({ ...BUILT_IN_POLICY, ...all.platform.body }) },
          accountPolicy: all.accountPolicy && { name: "p", body: withoutRisks(all.accountPolicy.body) },
          account: all.account && withoutRisks(all.account),
        };
        const plain = resolvePolicy({ ...flat, management: true }, of);
        const whole = resolvePolicy(ground, of);
        for (const name of POLICY_VALUE_NAMES)
          expect(atLeastAsStrict(name, whole[name].value as never, plain[name].value as never), name).toBe(true);
      }),
    );
  });

  test("a stricter word in any layer is never lost by making it stricter still", () => {
    fc.assert(
      fc.property(
        layers,
        body,
        risk,
        fc.constantFrom("platform", "accountPolicy", "environment"),
        (all, more, of, at) => {
          const before = all[at];
          fc.pre(before !== undefined);
          const tighter = (base: PartialPolicy, extra: PartialPolicy): PartialPolicy =>
            Object.fromEntries(
              POLICY_VALUE_NAMES.flatMap((name) => {
                const [a, b] = [base[name], extra[name]];
                if (a === undefined) return [];
                return [[name, b === undefined ? a : strictest(name, a as never, b as never)]];
              }),
            );
          const risks = Object.fromEntries(
            RISKS.flatMap((each) => {
              const said = before.body.risks?.[each];
              return said === undefined ? [] : [[each, tighter(said, more.risks?.[each] ?? {})]];
            }),
          );
          expectStricter({ ...all, [at]: { ...before, body: { ...tighter(before.body, more), risks } } }, all, of);
        },
      ),
    );
  });

  test("of the ground, the account's own word stands before its policy's, and that before the platform's", () => {
    fc.assert(
      fc.property(layers, risk, (all, of) => {
        const ground = { ...all, environment: undefined, key: undefined };
        const resolved = resolvePolicy(ground, of);
        for (const name of POLICY_VALUE_NAMES.filter((each) => each !== "lifetimeDays")) {
          const chain = [all.account, all.accountPolicy?.body, all.platform.body, BUILT_IN_POLICY];
          const said = chain.map((each) => each?.[name]).find((each) => each !== undefined);
          const ofRisk = chain.map((each) => each?.risks?.[of]?.[name]).find((each) => each !== undefined);
          const expected = ofRisk === undefined ? said : strictest(name, said as never, ofRisk as never);
          expect(same(name, resolved[name].value, expected), name).toBe(true);
        }
      }),
    );
  });

  test("each value names the layers that set it, and those layers say so", () => {
    fc.assert(
      fc.property(layers, risk, (all, of) => {
        const resolved = resolvePolicy(all, of);
        for (const name of POLICY_VALUE_NAMES) {
          expect(resolved[name].layers.length).toBeGreaterThan(0);
          expect(resolved[name].why).toMatch(/./);
          if (resolved[name].layers.includes("key")) expect(all.key).toHaveProperty([capOf(name, resolved[name].why)]);
        }
        const { lifetimeDays, maxLifetimeDays } = valuesOf(resolved);
        if (maxLifetimeDays !== null)
          expect(lifetimeDays ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(maxLifetimeDays);
      }),
    );
  });

  test("as shipped: 90 days, 30 where the risk is high, which may not be never", () => {
    const shipped = (of: (typeof RISKS)[number]) =>
      valuesOf(resolvePolicy({ platform: { name: "default", body: {} } }, of));
    expect(shipped("low")).toMatchObject({
      lifetimeDays: 90,
      maxLifetimeDays: null,
      rotationDays: 90,
      overlapHours: 72,
    });
    expect(shipped("elevated")).toMatchObject({ lifetimeDays: 90, maxLifetimeDays: null, rotationDays: 60 });
    expect(shipped("high")).toMatchObject({ lifetimeDays: 30, maxLifetimeDays: 365, rotationDays: 30 });
    const management = { platform: { name: "management", body: {} }, management: true };
    for (const of of RISKS)
      expect(valuesOf(resolvePolicy(management, of))).toMatchObject({ lifetimeDays: null, maxLifetimeDays: null });
  });
});

const capOf = (name: PolicyValueName, why: string): PolicyValueName =>
  name === "lifetimeDays" && why.startsWith("no longer than") ? "maxLifetimeDays" : name;

const catalogue = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "users:write", tier: "admin", sensitive: false },
    { name: "audit:read", tier: "read", sensitive: true },
  ],
});
const grant = (...scopes: string[]) => ({ tier: null, scopes });

test("the risk is that of the strongest that the grant reaches, wildcards and tiers included (B1)", () => {
  expect(riskOf(grant("contacts:read"), catalogue)).toBe("low");
  expect(riskOf(grant("contacts:*"), catalogue)).toBe("elevated");
  expect(riskOf({ tier: "write", scopes: [] }, catalogue)).toBe("elevated");
  expect(riskOf(grant("contacts:read", "users:*"), catalogue)).toBe("high");
  expect(riskOf({ tier: "admin", scopes: [] }, catalogue)).toBe("high");
  expect(riskOf(grant("audit:read"), catalogue)).toBe("high");
  expect(riskOf(grant("audit:*"), catalogue)).toBe("low");
});

test("a rule of approval applies where all that it names is so, and staff stand above an account's admins (A8)", () => {
  const approver = (
    rules: Parameters<typeof approverOf>[0],
    environment = "live",
    of = grant("contacts:write"),
    act: Parameters<typeof approverOf>[1] = "create",
  ) => approverOf(rules, act, { grant: of, environment }, catalogue);
  expect(approver([])).toBeNull();
  expect(approver([{ by: "account" }])).toBe("account");
  expect(approver([{ by: "account", tiers: ["write"], environments: ["live"] }])).toBe("account");
  expect(approver([{ by: "account", tiers: ["write"], environments: ["live"] }], "test")).toBeNull();
  expect(approver([{ by: "account" }, { by: "staff", tiers: ["admin"] }])).toBe("account");
  expect(approver([{ by: "account" }, { by: "staff", sensitive: true }], "live", grant("audit:read"))).toBe("staff");
});

test("everything that a key breaks is told at once, each with its path (A9)", () => {
  const platform = {
    name: "default",
    body: {
      ...{ maxLifetimeDays: 10, labelPatterns: ["[a-z]+", "crm.*"], requireIpBinding: true },
      requiredFields: ["owner", "tags"] as const,
    },
  };
  const policy = resolvePolicy({ platform }, "low");
  const blank = {
    ...{ owner: null, service: null, purpose: null, rationale: null, storedIn: null, criticality: null },
    ...{ runbookUrl: null, dependants: [], audiences: [], tags: [], label: "X", allowedIps: [], issuedAt: 0 },
  };
  const faults = checkPolicy(policy, { ...blank, expiresAt: null, risk: "low" });
  expect(faults.map(({ path }) => path)).toEqual(["expiresAt", "label", "label", "owner", "tags", "allowedIps"]);
  const fine = {
    ...blank,
    label: "crm",
    owner: "team:a",
    tags: ["a"],
    allowedIps: ["192.0.2.1"],
    expiresAt: 864_000_000,
  };
  expect(checkPolicy(policy, { ...fine, risk: "low" })).toEqual([]);
  expect(checkPolicy(policy, { ...fine, expiresAt: 864_000_001, risk: "low" })).toMatchObject([{ rule: "lifetime" }]);
});
