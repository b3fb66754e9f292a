import { parseKey } from "@claviger/core";
import { issueKey, type Json, makeAccount, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  type NewKey,
  type OwnKey,
  openStage,
  type Page,
  type Problem,
  type Stage,
  type Verdict,
} from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const DAY_MS = 86_400_000;
const base = () => ({ account: stage.account.id, environment: "live", label: "a key", scopes: ["contacts:read"] });
const create = (fields: object) => stage.root.post<NewKey>("/v1/keys", { ...base(), ...fields });
const refuse = async (fields: object) => (await stage.root.post<Problem>("/v1/keys", { ...base(), ...fields })).body;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

describe("the secret (A1)", () => {
  test("fits the published format, carries prefix and the environment's tag, and proves itself offline", async () => {
    const format = (await client(stage.app.url, null).get<{ regex: string; maxLength: number }>("/v1/key-format")).body;
    for (const [environment, tag] of [
      ["live", "live"],
      ["test", "test"],
      ["dev", "dev"],
    ]) {
      const { secret, key } = succeeded(await create({ environment })).body;
      expect(secret).toMatch(new RegExp(`^(?:${format.regex})$`));
      expect(secret.length).toBeLessThanOrEqual(format.maxLength);
      expect(parseKey(secret)).toMatchObject({ ok: true, prefix: "clv", tag });
      expect(key.preview).toBe(`clv_${tag}_…${secret.slice(-4)}`);
    }
  });

  test("is in the answer that issues it and nowhere else", async () => {
    const { key, secret } = succeeded(await create({})).body;
    for (const path of [`/v1/keys/${key.id}`, "/v1/keys?limit=200", "/v1/audit-events?limit=200"]) {
      expect((await stage.root.get(path)).text).not.toContain(secret.slice(-30));
    }
    expect((await client(stage.app.url, secret).get("/v1/keys/self")).text).not.toContain(secret.slice(-30));
  });

  test("is never taken from the caller", async () => {
    const problem = await refuse({ secret: "clv_live_mine" });
    expect(problem).toMatchObject({ status: 400, errors: [{ path: "secret" }] });
  });

  test("is another one each time", async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, async () => (await create({})).body.secret));
    expect(new Set(secrets).size).toBe(20);
  });
});

describe("what a key needs (A2)", () => {
  test.each([
    ["no label", { label: undefined }, "label"],
    ["an empty label", { label: "  " }, "label"],
    ["neither tier nor scope", { scopes: undefined }, "scopes"],
    ["empty scopes and no tier", { scopes: [], tier: null }, "scopes"],
    ["the tier admin without a rationale", { scopes: undefined, tier: "admin" }, "rationale"],
    ["an admin scope without a rationale", { scopes: ["billing:manage"] }, "rationale"],
    ["a wildcard that reaches an admin scope, without a rationale", { scopes: ["billing:*"] }, "rationale"],
    ["a rationale of blanks", { tier: "admin", rationale: " \n " }, "rationale"],
    ["no account", { account: undefined }, "account"],
    ["no environment", { environment: undefined }, "environment"],
  ])("%s is refused, and the field named", async (_, fields, path) => {
    expect(await refuse(fields)).toMatchObject({ status: 400, code: "VALIDATION_FAILED", errors: [{ path }] });
  });

  test("label, scopes and rationale are in the audit record, and no secret is", async () => {
    const fields = { label: "nightly export", tier: "admin", rationale: "the export needs every table" };
    const { key, secret } = succeeded(await create(fields)).body;
    const events = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${key.id}`)).body.data;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ action: "key.created", after: { ...fields, scopes: ["contacts:read"] } });
    expect(JSON.stringify(events)).not.toContain(secret.slice(-30));
  });
});

test("everything that a key can say of itself is kept and shown (A3)", async () => {
  const { members, service } = stage.account;
  const said = {
    ...{ label: "nightly export", purpose: "reports\nfor finance", rationale: "asked for by finance" },
    ...{ tier: "write", scopes: ["contacts:read", "contacts:*"], storedIn: "vault: kv/acme", criticality: "high" },
    ...{ runbookUrl: "https://runbook.example/export", audiences: ["billing-api"], tags: ["nightly", "café"] },
    ...{ allowedIps: ["10.0.0.0/8", "2001:db8::/32"], allowedReferrers: ["https://*.acme.example"] },
    ...{
      dependants: ["warehouse", { name: "Ann", contact: "ann@acme.example" }],
      metadata: { cost: { centre: [7, null] } },
    },
    limits: [
      { name: "burst", amount: 5, per: "second" },
      { name: "all", amount: 9, per: "lifetime", refill: { amount: 1, every: "day" } },
    ],
  };
  const asked = {
    ...said,
    owner: "ext:owner",
    service: "ext:crm",
    createdBy: "ext:admin",
    expiresAt: "2031-01-31T10:00:00+02:00",
  };
  const { key } = succeeded(await create(asked)).body;
  expect(key).toMatchObject({
    ...said,
    ...{ owner: members.owner, service, createdBy: members.admin, expiresAt: "2031-01-31T08:00:00.000Z" },
    ...{ account: stage.account.id, environment: "live", status: "active", version: 1, requests30d: 0 },
    ...{ lastUsedAt: null, lastRefusedAt: null, lastRefusedCode: null, statusReason: null },
  });
  expect(key.versions).toMatchObject([{ version: 1, status: "active", preview: key.preview }]);
  expect((await stage.root.get<Key>(`/v1/keys/${key.id}`)).body).toEqual(key);
});

test("an owner is a member or a team; a key without one says so", async () => {
  expect((await create({ owner: "team:platform" })).body.key.owner).toBe("team:platform");
  expect((await create({})).body.key.owner).toBeNull();
  expect(await refuse({ owner: "Bob" })).toMatchObject({ errors: [{ path: "owner" }] });
});

test("scopes that are named twice count once", async () => {
  const { key } = succeeded(await create({ scopes: ["contacts:read", "contacts:read"] })).body;
  expect(key.scopes).toEqual(["contacts:read"]);
});

describe("bounds", () => {
  const nested = (depth: number): Json => (depth === 0 ? 1 : { in: nested(depth - 1) });

  test.each([
    ["label", { label: "x".repeat(101) }, { label: "x".repeat(100) }],
    ["label", { label: "two\nlines" }, { label: "ünï çødé 漢字 🔑" }],
    ["label", { label: "\ud800" }, { label: "\ud83d\udd11" }],
    ["purpose", { purpose: "nul\u0000" }, { purpose: "x".repeat(500) }],
    ["expiresInDays", { expiresInDays: 0 }, { expiresInDays: 1 }],
    ["expiresInDays", { expiresInDays: 3651 }, { expiresInDays: 3650 }],
    ["expiresInDays", { expiresInDays: 1.5 }, { expiresInDays: 30 }],
    ["expiresInDays", { expiresInDays: 3, expiresAt: inDays(3) }, { expiresAt: inDays(3) }],
    ["expiresAt", { expiresAt: inDays(-1) }, { expiresAt: inDays(3600) }],
    ["expiresAt", { expiresAt: "tomorrow" }, { expiresAt: null }],
    ["expiresAt", { expiresAt: inDays(3700) }, { expiresAt: inDays(1) }],
    ["allowedIps[0]", { allowedIps: ["10.0.0.1/33"] }, { allowedIps: ["10.0.0.1/32", "::1"] }],
    [
      "allowedReferrers[0]",
      { allowedReferrers: ["acme.example"] },
      { allowedReferrers: ["https://acme.example:8443"] },
    ],
    ["tags", { tags: Array(51).fill("t") }, { tags: Array(50).fill("t") }],
    ["criticality", { criticality: "vital" }, { criticality: "critical" }],
    ["runbookUrl", { runbookUrl: "javascript:alert(1)" }, { runbookUrl: "http://wiki/x" }],
    ["runbookUrl", { runbookUrl: "http://wiki/\u0000" }, { runbookUrl: "http://wiki/%00" }],
    [
      "limits[0].amount",
      { limits: [{ name: "a", amount: 0, per: "day" }] },
      { limits: [{ name: "a", amount: 1e12, per: "day" }] },
    ],
    ["metadata", { metadata: { a: nested(5) } }, { metadata: { a: nested(4) } }],
    ["metadata", { metadata: { a: "x".repeat(8192) } }, { metadata: { a: "x".repeat(8180) } }],
    ["metadata", { metadata: { "\u0000": 1 } }, { metadata: { ключ: 1 } }],
    ["scopes[0]", { scopes: ["*"] }, { scopes: ["contacts:*"] }],
    ["scopes[0]", { scopes: ["read"] }, { tier: "read", scopes: [] }],
    ["scopes[0]", { scopes: ["contacts:fly"] }, { scopes: ["contacts:write"] }],
    ["scopes[0]", { scopes: ["planes:*"] }, { scopes: ["contacts:*"] }],
    ["scopes[0]", { scopes: ["claviger:keys:write"] }, { scopes: ["contacts:read"] }],
    ["scopes[0]", { scopes: ["verify"] }, { scopes: ["contacts:read"] }],
    ["environment", { environment: "moon" }, { environment: "test" }],
    ["limits[0].window", { limits: [{ name: "a", amount: 1, per: "day", window: 1 }] }, { limits: [] }],
  ])("%s: one beyond is refused and named, one within is taken (%#)", async (path, beyond, within) => {
    const problem = await refuse(beyond);
    expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(problem.errors?.map((error) => error.path)).toContain(path);
    const taken = await create(within);
    expect(taken.status, taken.text).toBe(201);
  });

  test("an unknown account is unknown, whichever way it is named", async () => {
    for (const account of ["acct_01ARZ3NDEKTSV4RRFFQ69G5FAV", "ext:nobody"]) {
      expect(await refuse({ account })).toMatchObject({
        status: 404,
        code: "NOT_FOUND",
        errors: [{ path: "account" }],
      });
    }
    expect(await refuse({ account: "acme" })).toMatchObject({ status: 400, errors: [{ path: "account" }] });
  });

  test("a suspended account is issued no key, and is again once it is resumed", async () => {
    const other = await makeAccount(stage.root);
    succeeded(await stage.root.post(`/v1/accounts/${other.id}/suspend`, { reason: "unpaid" }));
    expect(await refuse({ account: other.id })).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    succeeded(await stage.root.post(`/v1/accounts/${other.id}/resume`));
    expect((await create({ account: other.externalId })).status).toBe(201);
  });
});

describe("expiry (D1, D2)", () => {
  const daysLeft = (key: Key) => Math.round((Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)) / DAY_MS);

  test("where nothing is said it is 90 days, 30 with a sensitive scope; null is never", async () => {
    expect(daysLeft((await create({})).body.key)).toBe(90);
    const sensitive = await create({ scopes: ["users:write"], rationale: "provisioning" });
    expect(daysLeft(sensitive.body.key)).toBe(30);
    expect((await create({ expiresAt: null })).body.key.expiresAt).toBeNull();
    expect(daysLeft((await create({ expiresInDays: 7 })).body.key)).toBe(7);
  });

  test("a key is expiring in its last week, and expired at its instant with nobody doing anything", async () => {
    expect((await create({ expiresInDays: 6 })).body.key.status).toBe("expiring");
    expect((await create({ expiresInDays: 8 })).body.key.status).toBe("active");
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    const { id, secret } = await issueKey(stage.root, stage.account.id, { expiresAt });
    const accepted: number[] = [];
    for (;;) {
      const before = Date.now();
      const { code } = (await stage.root.post<Verdict>("/v1/verify", { key: secret, environment: "live" })).body;
      if (code === "EXPIRED") break;
      expect(code).toBe("VALID");
      accepted.push(before);
    }
    expect(accepted.length).toBeGreaterThan(0);
    expect(Math.max(...accepted)).toBeLessThan(Date.parse(expiresAt));
    expect((await stage.root.get<Key>(`/v1/keys/${id}`)).body.status).toBe("expired");
    const later = await stage.root.patch<Problem>(`/v1/keys/${id}`, { expiresInDays: 5 });
    expect(later.body).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    expect((await client(stage.app.url, secret).get<Problem>("/v1/keys/self")).body.code).toBe("EXPIRED");
    expect((await client(stage.app.url, secret).post<{ key: OwnKey }>("/v1/keys/self/revoke")).body.key.status).toBe(
      "revoked",
    );
  });
});

describe("the cap of a plan (A6)", () => {
  const capped = async (name: string, maxActiveKeys: number) => {
    succeeded(await stage.root.put(`/v1/plans/${name}`, { maxActiveKeys }));
    return (await makeAccount(stage.root, name)).id;
  };

  test("is never passed by calls in parallel, and is used up", async () => {
    const account = await capped("five", 5);
    const answers = await Promise.all(Array.from({ length: 25 }, () => create({ account })));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array(5).fill(201), ...Array(20).fill(409)]);
    for (const answer of answers.filter(({ status }) => status === 409)) {
      expect(answer.body).toMatchObject({ code: "KEY_LIMIT_REACHED" });
    }
    expect((await stage.root.get<Page<Key>>(`/v1/keys?account=${account}`)).body.data).toHaveLength(5);
  });

  test("counts suspended keys, and neither revoked nor expired ones", async () => {
    const account = await capped("one", 1);
    const { id } = await issueKey(stage.root, account);
    succeeded(await stage.root.post(`/v1/keys/${id}/suspend`, { reason: "a question" }));
    expect((await create({ account })).status).toBe(409);
    succeeded(await stage.root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
    expect((await create({ account, expiresAt: new Date(Date.now() + 1_200).toISOString() })).status).toBe(201);
    expect((await create({ account })).status).toBe(409);
    await expect.poll(async () => (await create({ account })).status, { timeout: 5_000 }).toBe(201);
  });
});

test("fields of another operation are unknown to this one", async () => {
  expect(await refuse({ status: "active" })).toMatchObject({ errors: [{ path: "status" }] });
  expect(await refuse({ label: undefined, name: "x" })).toMatchObject({ status: 400 });
});
