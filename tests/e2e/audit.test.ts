import { OPERATIONS } from "@claviger/contract";
import { issueKey, issueManagementKey, makeAccount, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type OwnKey,
  openStage,
  type Page,
  type Problem,
  readAll,
  type Stage,
} from "../support/client.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";
import {
  approvalFor,
  beginRotation,
  beginSplit,
  type Existing,
  emptyBulkAct,
  makeHandOver,
  makeLink,
  ofOpenSplit,
  sampleOf,
} from "../support/samples.ts";

let stage: Stage;
let existing: Existing;
beforeAll(async () => {
  stage = await openStage(RECOVERABLE);
  succeeded(await stage.root.put("/v1/plans/basic", { limits: [] }));
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const scimKey = (await issueManagementKey(stage.root, ["claviger:scim:write"])).id;
  existing = { account: stage.account, key: id, secret, bulkAct: await emptyBulkAct(stage.root), scimKey };
  existing = { ...existing, closable: (await makeAccount(stage.root)).id };
});
afterAll(() => stage.app.stop());

/** The trail of what was asked for or split has one event, and that of the key which is made or ended by it. */
const IN_TWO_TRAILS: Readonly<Record<string, readonly string[]>> = {
  "approvals.claim": ["approval.claimed", "key.created"],
  "split-callers.issue": ["split-caller.issued", "key.created"],
  "splits.finish": ["split.finished", "key.revoked"],
};

const newest = async () => (await stage.root.get<Page<AuditEvent>>("/v1/audit-events?limit=1")).body.data[0];
const list = async (query: string) =>
  (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?limit=200&${query}`)).body.data;

describe("every act of the contract writes exactly one event of those it declares (H1)", () => {
  const acts = OPERATIONS.filter(({ audit }) => audit.length > 0);

  test.each(acts.map((operation) => [operation.id, operation] as const))("%s", async (id, operation) => {
    if (id === "accounts.resume") await stage.root.post(`/v1/accounts/${stage.account.id}/suspend`, { reason: "x" });
    if (id === "keys.resume") await stage.root.post(`/v1/keys/${existing.key}/suspend`, { reason: "x" });
    const ends = /^(keys\.(revoke|rotate)|rotation\.|splits\.|split-callers\.)/.test(id);
    const victim = ends ? await issueKey(stage.root, stage.account.id) : null;
    if (id.startsWith("rotation.")) await beginRotation(stage.root, victim?.id ?? "");
    if (ofOpenSplit(id)) await beginSplit(stage.root, victim?.id ?? "");
    const approval = id.startsWith("approvals.") ? { approval: await approvalFor(stage.root, id) } : {};
    const link = id.startsWith("links.") ? { link: await makeLink(stage.root, stage.account.id) } : {};
    const offered = id.startsWith("hand-overs.") ? { handOver: await makeHandOver(stage.root, stage.account.id) } : {};
    const target = {
      ...existing,
      ...offered,
      ...approval,
      ...link,
      ...(victim !== null && { key: victim.id, secret: victim.secret }),
    };
    const before = (await newest())?.seq ?? 0;
    const sample = sampleOf(operation, target);
    const caller = operation.access.kind === "holder" ? stage.root.as(target.secret) : stage.root;
    const answer = await caller.call(
      operation.method,
      sample.path,
      sample.body === undefined ? {} : { body: sample.body, headers: sample.headers ?? {} },
    );
    expect(answer.status, answer.text).toBeLessThan(300);
    const written = (await list("")).filter(({ seq }) => seq > before);
    // What it goes on with is over.
    if (id === "bulk-acts.finish") {
      expect(written).toEqual([]);
      return;
    }
    const each = IN_TWO_TRAILS[id] ?? [expect.toBeOneOf([...operation.audit])];
    const actions = written.map(({ action }) => action);
    if (id === "drills.start") {
      // With all that is done to its key in between.
      expect([actions.at(-1), actions[0]]).toEqual(["drill.started", "drill.finished"]);
      expect(actions.filter((action) => !operation.audit.includes(action))).toEqual([]);
      const source = { requestId: answer.headers.get("x-request-id") };
      for (const event of written) expect(event).toMatchObject({ source });
      return;
    }
    expect(actions).toEqual(each);
    expect(written.at(-1)).toMatchObject({
      seq: before + 1,
      source: { requestId: answer.headers.get("x-request-id") },
    });
    for (const undo of ["accounts", "keys"]) {
      const thing = undo === "keys" ? existing.key : stage.account.id;
      if (id === `${undo}.suspend`) await stage.root.post(`/v1/${undo}/${thing}/resume`);
    }
  });

  test("and what is refused, and what only reads, writes none", async () => {
    const before = (await newest())?.seq;
    for (const operation of OPERATIONS.filter(({ audit }) => audit.length === 0)) {
      const { path, body, headers } = sampleOf(operation, existing);
      const given = { ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) };
      const caller = operation.access.kind === "holder" ? stage.root.as(existing.secret) : stage.root;
      await caller.call(operation.method, path, given).catch(() => undefined);
    }
    const nobody = client(stage.app.url, null);
    for (const operation of acts) {
      const { path, body } = sampleOf(operation, existing);
      await nobody.call(operation.method, path, body === undefined ? {} : { body });
      await stage.root.call(operation.method, path, { body: { nonsense: true } });
    }
    expect((await newest())?.seq).toBe(before);
  });
});

describe("events are found", () => {
  test("by account, action, actor, target and time, alone and together", async () => {
    const account = await makeAccount(stage.root);
    const { id: actor, secret } = await issueManagementKey(stage.root, ["claviger:keys:*"]);
    const clerk = client(stage.app.url, secret);
    const { id } = await issueKey(clerk, account.id);
    const [event] = await list(`target=${id}`);
    expect(event).toMatchObject({
      action: "key.created",
      actor: { type: "management-key", id: actor },
      account: account.id,
    });
    for (const query of [
      `actor=${actor}`,
      `account=${account.id}&action=key.created`,
      `account=${account.externalId}&action=key.created`,
    ]) {
      expect(await list(query), query).toEqual([event]);
    }
    expect((await list(`account=${account.id}`)).length).toBeGreaterThan(5);
    const at = encodeURIComponent(event?.at ?? "");
    expect((await list(`target=${id}&from=${at}`)).length).toBe(1);
    expect((await list(`target=${id}&to=${at}`)).length).toBe(0);
    expect(await list("account=ext:nobody")).toEqual([]);
    expect(await list("target=key_none")).toEqual([]);
  });

  test.each([
    "action=created",
    "action=KEY.CREATED",
    "from=yesterday",
    "to=2026-13-01T00:00:00Z",
    "account=acme",
    "actor=",
    "limit=0",
  ])("not by %s, which is refused", async (query) => {
    expect((await stage.root.get<Problem>(`/v1/audit-events?${query}`)).body).toMatchObject({ status: 400 });
  });

  test.each([
    "from=0000-01-01T00:00:00Z",
    "to=9999-12-31T23:59:59Z",
    "from=2026-02-30T00:00:00Z",
    "from=2026-01-01T00:00:00%2B14:00",
  ])("%s is answered, not failed on", async (query) => {
    expect([200, 400]).toContain((await stage.root.get(`/v1/audit-events?${query}`)).status);
  });
});

test("the numbers of all events have no gap and no double, and begin with the installation's own", async () => {
  await Promise.all(Array.from({ length: 15 }, () => issueKey(stage.root, stage.account.id)));
  const events = (await readAll<AuditEvent>(stage.root, "/v1/audit-events", 200)).toReversed();
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const times = events.map(({ at }) => at);
  expect(times.every((at) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at))).toBe(true);
  expect(events[0]?.actor).toEqual({ type: "system", id: "bootstrap" });
  const root = (await stage.root.get<OwnKey>("/v1/keys/self")).body;
  expect(events.slice(0, 3).map(({ target }) => target.id)).toContain(root.id);
});
