import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { compileCatalogue, createKeyTable, type KeyRecord, type KeyTableEntry } from "../index.ts";
import { type Spent, type VerifyPorts, verifyFromMemory } from "./verify-from-memory.ts";

const NOW = Date.UTC(2030, 0, 15, 12);
const KEY = `clv_live_${"a".repeat(36)}`;
const OTHER = `clv_live_${"b".repeat(36)}`;
const catalogue = compileCatalogue({ scopes: [{ name: "contacts:read", tier: "read", sensitive: false }] });
const hashOf = (secret: string): string => createHash("sha256").update(secret).digest().toString("utf16le");

interface Kind {
  readonly kind: "customer" | "management";
}
const CUSTOMER: Kind = { kind: "customer" };

function entry(change: Partial<KeyRecord> = {}, shared = CUSTOMER): KeyTableEntry<Kind> {
  const record: KeyRecord = {
    ...{ keyId: "key_01ARZ3NDEKTSV4RRFFQ69G5FAV", account: "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", environment: "live" },
    ...{ state: "active", accountState: "active", expiresAt: NOW + 1000, tier: null, scopes: ["contacts:*"] },
    versions: [{ version: 2, state: "active", expiresAt: null }],
    ...{ allowedIps: [], allowedReferrers: [], audiences: [], metadata: { tenant: 7 }, subjects: ["account:1"] },
    ...change,
  };
  return { record, version: 2, accountNote: "customer-7", shared };
}

/** A verifier that holds `KEY` as this entry. `calls` are the questions it was asked, in order. */
function verifier(held: KeyTableEntry<Kind>, change: Partial<VerifyPorts<Kind, string>> = {}) {
  const table = createKeyTable<Kind>({ capacity: 10 });
  table.put(hashOf(KEY), held);
  const calls: string[] = [];
  const noting = <A extends unknown[], R>(name: string, ask: (...args: A) => R) => {
    return (...args: A): R => {
      calls.push(name);
      return ask(...args);
    };
  };
  const ports: VerifyPorts<Kind, string> = {
    table,
    hashOf: noting("hash", change.hashOf ?? hashOf),
    now: noting("clocks", () => ({ mono: 0, wall: NOW })),
    decisionTime: noting("lease", change.decisionTime ?? ((now) => now.wall)),
    catalogue: change.catalogue ?? (() => catalogue),
    assess: noting("assess", change.assess ?? (() => "genuine")),
    isCallers: (shared) => shared?.kind === "customer",
    spend: noting("spend", change.spend ?? (() => null)),
  };
  return { table, ports, calls };
}

const live = { environment: "live" };

describe("in this order, so that garbage is cheap and no answer is older than its lease", () => {
  test.each([
    ["what is too long or too short is not even hashed", "x".repeat(4096), []],
    ["what is no text neither", 7 as unknown as string, []],
    ["a held key is not assessed", KEY, ["hash", "clocks", "lease", "spend"]],
    ["what is not held is assessed last", OTHER, ["hash", "clocks", "lease", "assess"]],
  ])("%s", (_, secret, expected) => {
    const { ports, calls } = verifier(entry());
    verifyFromMemory(ports, secret, live);
    expect(calls).toEqual(expected);
  });

  test("without a lease nothing is decided, and nothing counted", () => {
    const { ports, calls, table } = verifier(entry(), { decisionTime: () => null });
    for (const secret of [KEY, OTHER]) {
      expect(verifyFromMemory(ports, secret, live)).toMatchObject({ verdict: { code: "UNAVAILABLE" }, key: null });
    }
    expect(calls).toEqual(["hash", "clocks", "lease", "hash", "clocks", "lease"]);
    expect(table.takeUses(9)).toEqual([]);
  });
});

describe("what memory lacks is said, and not decided on", () => {
  test.each([
    ["genuine", { lacks: "key" }],
    [undefined, { lacks: "key" }],
    ["forged", { verdict: { valid: false, code: "NOT_FOUND", record: null }, key: null, standing: null }],
    ["malformed", { verdict: { valid: false, code: "MALFORMED", record: null }, key: null, standing: null }],
  ] as const)("a string that is %s", (assessed, expected) => {
    const { ports } = verifier(entry(), { assess: () => assessed });
    expect(verifyFromMemory(ports, OTHER, live)).toEqual(expected);
  });

  test("a held key without its catalogue", () => {
    const { ports } = verifier(entry(), { catalogue: () => undefined });
    expect(verifyFromMemory(ports, KEY, live)).toEqual({ lacks: "key" });
  });

  test("budget: nothing is counted until it is decided", () => {
    const ready = Promise.resolve();
    const { ports, table } = verifier(entry(), { spend: () => ({ kind: "wait", ready }) });
    expect(verifyFromMemory(ports, KEY, live)).toEqual({ lacks: "budget", ready });
    expect(table.takeUses(9)).toEqual([]);
  });
});

describe("a decision", () => {
  test("tells who the key is, and is counted once", () => {
    const { ports, table } = verifier(entry(), { spend: () => ({ kind: "accepted", standing: "9 left" }) });
    const answer = verifyFromMemory(ports, KEY, { ...live, scopes: ["contacts:read"] });
    expect(answer).toMatchObject({ verdict: { valid: true, checked: "scopes", version: 2 }, standing: "9 left" });
    const key = { keyId: entry().record.keyId, scopes: ["contacts:*"], metadata: { tenant: 7 } };
    expect(answer).toMatchObject({ key });
    expect(table.takeUses(9)).toMatchObject([{ accepted: 1, refused: 0, version: 2, lastUsedAt: NOW }]);
  });

  test("that refuses spends nothing, and is counted with its code", () => {
    const { ports, table, calls } = verifier(entry());
    const answer = verifyFromMemory(ports, KEY, { environment: "test" });
    expect(answer).toMatchObject({ verdict: { valid: false, code: "WRONG_ENVIRONMENT" }, standing: null });
    expect(calls).not.toContain("spend");
    expect(table.takeUses(9)).toMatchObject([{ accepted: 0, refused: 1, lastRefusedCode: "WRONG_ENVIRONMENT" }]);
  });

  test("of a limit is a refusal with its code, for the table's count as well", () => {
    const refused: Spent<string> = { kind: "refused", code: "QUOTA_EXCEEDED", standing: "none left" };
    const { ports, table } = verifier(entry(), { spend: () => refused });
    const answer = verifyFromMemory(ports, KEY, live);
    expect(answer).toMatchObject({ verdict: { valid: false, code: "QUOTA_EXCEEDED" }, standing: "none left" });
    expect(table.takeUses(9)).toMatchObject([{ accepted: 0, refused: 1, lastRefusedCode: "QUOTA_EXCEEDED" }]);
  });

  test("about a management key is never told from one about a string that is unknown", () => {
    for (const change of [{}, { state: "revoked" }, { expiresAt: NOW }] as const) {
      const { ports, table } = verifier(entry(change, { kind: "management" }));
      const expected = { verdict: { valid: false, code: "NOT_FOUND", record: null }, key: null, standing: null };
      expect(verifyFromMemory(ports, KEY, live)).toEqual(expected);
      expect(table.takeUses(9)).toEqual([]);
    }
  });

  test.each([
    ["ext:customer-7", "VALID"],
    ["acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "VALID"],
    ["ext:customer-8", "WRONG_ACCOUNT"],
    ["ext:", "WRONG_ACCOUNT"],
    ["customer-7", "WRONG_ACCOUNT"],
  ])("takes %s for this key's account: %s", (account, code) => {
    const { ports } = verifier(entry());
    expect(verifyFromMemory(ports, KEY, { ...live, account })).toMatchObject({ verdict: { code } });
    const missing = verifyFromMemory(ports, KEY, { ...live, account, scopes: ["contacts:write"] });
    expect(missing).toMatchObject({ verdict: { code: code === "VALID" ? "INSUFFICIENT_SCOPE" : code } });
  });
});
