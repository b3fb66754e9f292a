import { issueKey, type MadeKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  type KeyResult,
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

const UNKNOWN = "key_01ARZ3NDEKTSV4RRFFQ69G5FAV";
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const issue = (fields: object = {}): Promise<MadeKey> => issueKey(stage.root, stage.account.id, { ...fields });
const patch = (id: string, body: object) => stage.root.patch<KeyResult>(`/v1/keys/${id}`, body);
const act = (id: string, verb: string, body?: object) => stage.root.post<KeyResult>(`/v1/keys/${id}/${verb}`, body);
const refused = async (id: string, body: object) => (await stage.root.patch<Problem>(`/v1/keys/${id}`, body)).body;
const verify = async (key: string, more: object = {}) =>
  (await stage.root.post<Verdict>("/v1/verify", { key, environment: "live", ...more })).body;
const FORCE = { everywhere: true, nodes: 1, verifiers: 0, lapsed: [] };

describe("a change that may take something away says that it is in force everywhere, and is", () => {
  const ip = { ip: "10.1.2.3" };
  test.each([
    [
      "a lower tier",
      { tier: "write", scopes: [] },
      { tier: "read" },
      { scopes: ["contacts:write"] },
      "INSUFFICIENT_SCOPE",
    ],
    [
      "no tier any more",
      { tier: "write" },
      { tier: null, scopes: ["contacts:read"] },
      { scopes: ["contacts:write"] },
      "INSUFFICIENT_SCOPE",
    ],
    [
      "a scope less",
      { scopes: ["contacts:read", "contacts:write"] },
      { scopes: ["contacts:write"] },
      { scopes: ["contacts:read"] },
      "INSUFFICIENT_SCOPE",
    ],
    [
      "other scopes",
      { scopes: ["contacts:read"] },
      { scopes: ["contacts:write"] },
      { scopes: ["contacts:read"] },
      "INSUFFICIENT_SCOPE",
    ],
    ["a first address", {}, { allowedIps: ["192.0.2.0/24"] }, ip, "IP_NOT_ALLOWED"],
    [
      "an address less",
      { allowedIps: ["10.0.0.0/8", "192.0.2.0/24"] },
      { allowedIps: ["192.0.2.0/24"] },
      ip,
      "IP_NOT_ALLOWED",
    ],
    ["a first audience", {}, { audiences: ["billing"] }, { audience: "crm" }, "AUDIENCE_NOT_ALLOWED"],
    [
      "a first referrer",
      {},
      { allowedReferrers: ["https://a.example"] },
      { origin: "https://b.example" },
      "REFERRER_NOT_ALLOWED",
    ],
  ])("%s", async (_, before, change, question, code) => {
    const { id, secret } = await issue(before);
    expect(await verify(secret, question)).toMatchObject({ valid: true });
    const changed = succeeded(await patch(id, change));
    expect(await verify(secret, question)).toMatchObject({ valid: false, code });
    expect(changed.body).toMatchObject({ key: { id, ...change }, effective: FORCE });
  });

  test("an earlier expiry, an expiry at all, and other limits", async () => {
    const { id } = await issue({ expiresAt: null });
    for (const change of [
      { expiresAt: inDays(50) },
      { expiresInDays: 20 },
      { limits: [{ name: "a", amount: 1, per: "day" }] },
    ]) {
      expect((await patch(id, change)).body.effective).toMatchObject(FORCE);
    }
  });
});

describe("a change that only widens waits for nobody, and is in force in this node at once", () => {
  test.each([
    ["a higher tier", { tier: "read" }, { tier: "write" }, { scopes: ["contacts:write"] }],
    [
      "a scope more",
      { scopes: ["contacts:read"] },
      { scopes: ["contacts:write", "contacts:read"] },
      { scopes: ["contacts:write"] },
    ],
    [
      "one address more",
      { allowedIps: ["192.0.2.0/24"] },
      { allowedIps: ["192.0.2.0/24", "10.0.0.0/8"] },
      { ip: "10.1.2.3" },
    ],
    ["no addresses any more", { allowedIps: ["192.0.2.0/24"] }, { allowedIps: [] }, {}],
    ["a later expiry", { expiresInDays: 3 }, { expiresInDays: 9 }, {}],
    ["no expiry any more", { expiresInDays: 3 }, { expiresAt: null }, {}],
    ["words", {}, { label: "another", purpose: "new", tags: ["a"], metadata: { a: 1 }, criticality: "low" }, {}],
  ])("%s", async (_, before, change, question) => {
    const { id, secret } = await issue(before);
    const changed = succeeded(await patch(id, change));
    expect(changed.body.effective).toBeNull();
    expect(await verify(secret, question)).toMatchObject({ valid: true });
  });
});

test("what is left out of a change stays as it was, and null empties what can be empty", async () => {
  const full = {
    purpose: "reports",
    owner: "ext:owner",
    service: "ext:crm",
    storedIn: "vault",
    runbookUrl: "https://r.example",
  };
  const { id } = await issue(full);
  const before = (await stage.root.get<Key>(`/v1/keys/${id}`)).body;
  const { key } = (await patch(id, { label: "renamed" })).body;
  expect(key).toEqual({ ...before, label: "renamed", updatedAt: key.updatedAt, etag: expect.any(String) });
  const empty = {
    purpose: null,
    owner: null,
    service: null,
    storedIn: null,
    runbookUrl: null,
    rationale: null,
    criticality: null,
  };
  expect((await patch(id, empty)).body.key).toMatchObject(empty);
});

test("the audit record of a change shows the fields that differ, before and after, and no other", async () => {
  const { id } = await issue({ purpose: "reports" });
  await patch(id, { purpose: "exports", label: "renamed" });
  const [event] = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&action=key.updated`)).body
    .data;
  expect(event).toMatchObject({ before: { purpose: "reports" }, after: { purpose: "exports", label: "renamed" } });
  expect(Object.keys(event?.after as object).toSorted()).toEqual(["label", "purpose"]);
});

describe("a change is refused", () => {
  test.each([
    ["that leaves the key nothing", { scopes: [] }, 400, "VALIDATION_FAILED"],
    ["to the tier admin without a rationale", { tier: "admin" }, 400, "VALIDATION_FAILED"],
    ["to a scope that nobody defined", { scopes: ["planes:fly"] }, 400, "VALIDATION_FAILED"],
    ["to an expiry in the past", { expiresAt: inDays(-1) }, 400, "VALIDATION_FAILED"],
    ["of the account, which is for ever", { account: "ext:other" }, 400, "VALIDATION_FAILED"],
    ["of the environment, which is for ever", { environment: "test" }, 400, "VALIDATION_FAILED"],
    ["of the status, for which there are acts", { status: "revoked" }, 400, "VALIDATION_FAILED"],
    ["of the label to nothing", { label: null }, 400, "VALIDATION_FAILED"],
  ])("%s", async (_, change, status, code) => {
    const { id } = await issue();
    expect(await refused(id, change)).toMatchObject({ status, code });
  });

  test("that takes the rationale from under an admin scope", async () => {
    const { id } = await issue({ tier: "admin", rationale: "needed" });
    expect(await refused(id, { rationale: null })).toMatchObject({ status: 400, errors: [{ path: "rationale" }] });
    expect((await patch(id, { rationale: null, tier: "read" })).status).toBe(200);
  });

  test("of a revoked key, whatever it is", async () => {
    const { id } = await issue();
    await act(id, "revoke", { reason: "unused" });
    expect(await refused(id, { label: "renamed" })).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
  });
});

describe("revoke (E3)", () => {
  test("is final, keeps its first reason, and says again that it holds everywhere", async () => {
    const { id, secret } = await issue();
    const first = (await act(id, "revoke", { reason: "leaked", comment: "in a log" })).body;
    expect(first.key).toMatchObject({ status: "revoked", statusReason: "leaked", statusComment: "in a log" });
    expect(first.effective).toMatchObject(FORCE);
    const second = (await act(id, "revoke", { reason: "other" })).body;
    expect(second.effective).toMatchObject(FORCE);
    expect(second.effective?.seq).toBeGreaterThanOrEqual(first.effective?.seq ?? Number.POSITIVE_INFINITY);
    expect(second.key).toEqual(first.key);
    for (const [verb, body] of [
      ["suspend", { reason: "late" }],
      ["resume", undefined],
    ] as const) {
      expect((await act(id, verb, body)).status).toBe(409);
    }
    expect(await verify(secret)).toMatchObject({ valid: false, code: "REVOKED" });
    const events = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}`)).body.data;
    expect(events.map(({ action }) => action)).toEqual(["key.revoked", "key.created"]);
  });

  test("needs a reason from the list", async () => {
    const { id } = await issue();
    for (const body of [undefined, {}, { reason: "bored" }, { reason: "leaked", why: "x" }]) {
      expect((await act(id, "revoke", body)).status).toBe(400);
    }
    expect((await stage.root.get<Key>(`/v1/keys/${id}`)).body.status).toBe("active");
  });

  test("of an expired or suspended key revokes it", async () => {
    const { id } = await issue();
    await act(id, "suspend", { reason: "a question" });
    expect((await act(id, "revoke", { reason: "abuse" })).body.key.status).toBe("revoked");
  });

  test("ended by its holder (E7), from whatever state, and again with the same answer", async () => {
    const { id, secret } = await issue({ allowedIps: ["192.0.2.1"] });
    await act(id, "suspend", { reason: "a question" });
    const holder = client(stage.app.url, secret);
    const first = (
      await holder.post<{ key: OwnKey; effective: object }>("/v1/keys/self/revoke", { comment: "found it" })
    ).body;
    expect(first).toMatchObject({ key: { id, status: "revoked" }, effective: FORCE });
    const again = await holder.post<{ key: OwnKey; effective: object }>("/v1/keys/self/revoke");
    expect(again.body).toMatchObject({ key: { id, status: "revoked" }, effective: FORCE });
    expect((await holder.get<Problem>("/v1/keys/self")).body).toMatchObject({ status: 401, code: "REVOKED" });
    const [event] = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}`)).body.data;
    expect(event).toMatchObject({ action: "key.revoked", actor: { type: "key", id }, after: { comment: "found it" } });
  });
});

describe("suspend and resume", () => {
  test("take a key away and give it back; a suspension keeps its first reason", async () => {
    const { id, secret } = await issue();
    expect((await act(id, "suspend", { reason: "a question" })).body.effective).toMatchObject(FORCE);
    const again = (await act(id, "suspend", { reason: "another" })).body;
    expect(again).toMatchObject({ key: { status: "suspended", statusReason: "a question" }, effective: FORCE });
    expect(await verify(secret)).toMatchObject({ code: "SUSPENDED" });
    expect((await act(id, "resume")).body).toMatchObject({
      key: { status: "active", statusReason: null },
      effective: null,
    });
    expect((await act(id, "resume")).body).toMatchObject({ key: { status: "active" }, effective: null });
    expect(await verify(secret)).toMatchObject({ code: "VALID" });
  });

  test("a change of a suspended key leaves it suspended", async () => {
    const { id, secret } = await issue();
    await act(id, "suspend", { reason: "a question" });
    expect((await patch(id, { label: "renamed" })).body.key.status).toBe("suspended");
    expect(await verify(secret)).toMatchObject({ code: "SUSPENDED" });
  });
});

test("acts on what does not exist answer 404, on what is no id 400 or 404", async () => {
  for (const [verb, body] of [
    ["revoke", { reason: "unused" }],
    ["suspend", { reason: "x" }],
    ["resume", undefined],
  ] as const) {
    expect((await act(UNKNOWN, verb, body)).status).toBe(404);
    expect([400, 404]).toContain((await act("key_1", verb, body)).status);
  }
  expect((await patch(UNKNOWN, { label: "x" })).status).toBe(404);
  expect((await stage.root.get(`/v1/keys/${UNKNOWN}`)).status).toBe(404);
});

test("of many changes of one key at once some win, the others are told so, and the last state is that of a winner", async () => {
  const { id } = await issue();
  const labels = Array.from({ length: 12 }, (_, index) => `label ${index}`);
  const answers = await Promise.all(labels.map((label) => patch(id, { label })));
  const won = labels.filter((_, index) => answers[index]?.status === 200);
  expect(won.length).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(12 - won.length);
  expect(won).toContain((await stage.root.get<Key>(`/v1/keys/${id}`)).body.label);
  const events = (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&action=key.updated`)).body.data;
  expect(events).toHaveLength(won.length);
});
