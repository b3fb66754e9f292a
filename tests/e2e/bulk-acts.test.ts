/** One act on many keys (E1, E8): what it selects, what must be typed back, what became of each key, and that it is done once. */
import {
  issueKey,
  issueManagementKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  succeeded,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import {
  type AuditEvent,
  client,
  type Effective,
  type Key,
  openStage,
  type Page,
  type Problem,
  readAll,
  type Stage,
} from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

interface BulkAct {
  readonly id: string;
  readonly status: "running" | "finished";
  readonly keys: number;
  readonly acted: number;
  readonly outcomes: Readonly<Record<string, number>>;
}
interface Many {
  readonly dryRun: boolean;
  readonly bulkAct: BulkAct | null;
  readonly selected: {
    readonly keys: number;
    readonly accounts: number;
    readonly used24h: number;
    readonly byStatus: Readonly<Record<string, number>>;
    readonly sample: readonly { readonly key: string; readonly label: string; readonly status: string }[];
    readonly confirm: number | string | null;
  } | null;
  readonly results: readonly { readonly key: string; readonly outcome: string }[];
  readonly effective: Effective | null;
}

const revoke = (body: object, headers: Readonly<Record<string, string>> = {}) =>
  stage.root.post<Many>("/v1/keys/revoke", { reason: "unused", ...body }, headers);
const statusOf = async ({ id }: MadeKey) => (await stage.root.get<Key>(`/v1/keys/${id}`)).body.status;
const codeOf = async ({ secret }: MadeKey) =>
  (await stage.root.post<{ code: string }>("/v1/verify", { key: secret, environment: "live" })).body.code;
const issue = (account: MadeAccount, count: number, fields: object = {}): Promise<MadeKey[]> =>
  Promise.all(Array.from({ length: count }, () => issueKey(stage.root, account.id, { ...fields })));
const idsOf = (keys: readonly MadeKey[]) => keys.map(({ id }) => id).toSorted();

/** Verifies the key, and waits until its use is known. */
async function use(key: MadeKey): Promise<void> {
  expect(await codeOf(key)).toBe("VALID");
  await waitFor(async () => (await stage.root.get<Key>(`/v1/keys/${key.id}`)).body.lastUsedAt !== null, {
    timeoutMs: 30_000,
  });
}

describe("a selection", () => {
  test("is what an account, member, service, tag or view have in common, or ids; revoked ones are in it where they are named", async () => {
    const account = await makeAccount(stage.root);
    const tag = uniqueSuffix();
    const [owned, served, tagged, plain, gone] = [
      await issueKey(stage.root, account.id, { owner: account.members.developer }),
      await issueKey(stage.root, account.id, { service: account.service }),
      await issueKey(stage.root, account.id, { tags: [tag], owner: "team:a" }),
      await issueKey(stage.root, account.id),
      await issueKey(stage.root, account.id),
    ];
    succeeded(await stage.root.post(`/v1/keys/${gone.id}/revoke`, { reason: "unused" }));
    const selects = async (selection: object): Promise<number> => {
      const answer = succeeded(await revoke({ ...selection, dryRun: true }));
      expect(answer.body).toMatchObject({ dryRun: true, bulkAct: null, results: [], effective: null });
      return answer.body.selected?.keys ?? -1;
    };
    expect(await selects({ account: account.externalId })).toBe(4);
    expect(await selects({ member: account.members.developer })).toBe(1);
    expect(await selects({ account: account.id, member: "ext:developer" })).toBe(1);
    expect(await selects({ service: account.service })).toBe(1);
    expect(await selects({ tag })).toBe(1);
    expect(await selects({ account: account.id, view: "no-owner" })).toBe(2);
    expect(await selects({ account: account.id, tag })).toBe(1);
    expect(await selects({ ids: [plain.id, gone.id] })).toBe(2);
    for (const key of [owned, served, tagged, plain]) expect(await statusOf(key)).toBe("active");
    const { body } = succeeded(await revoke({ account: account.id }));
    expect(body.results.map(({ key }) => key).toSorted()).toEqual(idsOf([owned, served, tagged, plain]));
    expect(body.bulkAct).toMatchObject({ status: "finished", keys: 4, acted: 4, outcomes: { done: 4 } });
    expect(body.effective).toMatchObject({ everywhere: true });
    for (const key of [owned, served, tagged, plain]) expect(await codeOf(key)).toBe("REVOKED");
  });

  test("of nothing, of ids beside conditions, of an account or a view that there is not, is refused", async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    expect((await revoke({})).status).toBe(400);
    expect((await revoke({ account: stage.account.id, ids: [id] })).status).toBe(400);
    expect((await revoke({ member: "ext:developer" })).status).toBe(400);
    expect((await revoke({ view: "accounts-over-10-keys" })).status).toBe(400);
    expect((await revoke({ view: "nobody-saved-this" })).status).toBe(404);
    const many = Array.from({ length: 10_001 }, (_, index) => `key_${String(index).padStart(26, "0")}`);
    expect((await revoke({ ids: many, dryRun: true })).status).toBe(400);
    expect((await revoke({ ids: [id], waitSeconds: 31 })).status).toBe(400);
    expect((await revoke({ ids: [id], confirm: "" })).status).toBe(400);
    expect((await revoke({ account: "ext:nobody", dryRun: true })).body.selected?.keys).toBe(0);
    expect(await statusOf({ id, secret: "" })).toBe("active");
  });

  test("is told by the status that its keys are shown with", async () => {
    const account = await makeAccount(stage.root);
    const [rotating, suspended, expiring] = [
      ...(await issue(account, 2)),
      ...(await issue(account, 1, { expiresInDays: 3 })),
      ...(await issue(account, 1)),
    ] as [MadeKey, MadeKey, MadeKey];
    succeeded(await stage.root.post(`/v1/keys/${rotating.id}/rotate`, {}));
    succeeded(await stage.root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "a question" }));
    const { selected } = succeeded(await revoke({ account: account.id, dryRun: true })).body;
    expect(selected?.byStatus).toEqual({ active: 1, expiring: 1, rotating: 1, suspended: 1 });
    expect(await statusOf(expiring)).toBe("expiring");
    expect(Object.keys(selected?.byStatus ?? {}).toSorted()).toEqual(
      selected?.sample.map(({ status }) => status).toSorted(),
    );
  });

  test("never holds management keys, whoever asks", async () => {
    const { id } = (await stage.root.get<{ id: string }>("/v1/keys/self")).body;
    const other = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    const { body } = succeeded(await revoke({ ids: [id, other.id] }));
    expect(body.results.map(({ outcome }) => outcome)).toEqual(["unknown", "unknown"]);
    expect((await revoke({ account: "platform", dryRun: true })).body.selected?.keys).toBe(0);
    expect((await client(stage.app.url, other.secret).get("/v1/keys?limit=1")).status).toBe(200);
  });
});

describe("before many keys end (E8)", () => {
  test("the number is typed back where there are more than 20, and it must be the right one", async () => {
    const account = await makeAccount(stage.root);
    const keys = await issue(account, 21);
    const refused = await stage.root.post<Problem & { confirm: number }>("/v1/keys/revoke", {
      ...{ account: account.id, reason: "leaked" },
    });
    expect(refused.body).toMatchObject({ status: 409, code: "CONFIRMATION_REQUIRED", confirm: 21 });
    expect((await revoke({ account: account.id, confirm: 20 })).status).toBe(409);
    expect(await statusOf(keys[0] as MadeKey)).toBe("active");
    const { body } = succeeded(await revoke({ account: account.id, confirm: 21 }));
    expect(body.bulkAct?.outcomes).toMatchObject({ done: 21 });
  });

  test("one that was used within 24 hours asks for its label; a quiet one for nothing", async () => {
    const [used, quiet] = (await issue(stage.account, 2)) as [MadeKey, MadeKey];
    await use(used);
    const { label } = (await stage.root.get<Key>(`/v1/keys/${used.id}`)).body;
    const preview = succeeded(await revoke({ ids: [used.id], dryRun: true })).body.selected;
    expect(preview).toMatchObject({ keys: 1, used24h: 1, confirm: label });
    expect(preview?.sample).toMatchObject([{ key: used.id, label }]);
    expect((await revoke({ ids: [used.id] })).status).toBe(409);
    expect((await revoke({ ids: [used.id], confirm: 1 })).status).toBe(409);
    expect((await revoke({ ids: [used.id], confirm: `${label}?` })).status).toBe(409);
    succeeded(await revoke({ ids: [used.id], confirm: label }));
    succeeded(await revoke({ ids: [quiet.id] }));
  });

  test("ending one key asks for its label only where the caller asks for a guarded act, and the key was used", async () => {
    const [used, quiet, plain] = (await issue(stage.account, 3)) as [MadeKey, MadeKey, MadeKey];
    await use(used);
    await use(plain);
    const { label } = (await stage.root.get<Key>(`/v1/keys/${used.id}`)).body;
    const end = ({ id }: MadeKey, body: object) =>
      stage.root.post<Problem>(`/v1/keys/${id}/revoke`, { reason: "leaked", ...body });
    succeeded(await end(plain, {}));
    succeeded(await end(quiet, { guarded: true }));
    expect((await end(used, { guarded: true })).body).toMatchObject({ code: "CONFIRMATION_REQUIRED", confirm: label });
    expect((await end(used, { confirm: "another" })).status).toBe(409);
    expect(await codeOf(used)).toBe("VALID");
    succeeded(await end(used, { guarded: true, confirm: label }));
    expect(await codeOf(used)).toBe("REVOKED");
    // What is revoked asks for nothing more.
    succeeded(await end(used, { guarded: true }));
  });

  test("whoever may end keys is told the label to type back, and no others; the act is for nobody else", async () => {
    const [used, quiet] = (await issue(stage.account, 2)) as [MadeKey, MadeKey];
    await use(used);
    const { label } = (await stage.root.get<Key>(`/v1/keys/${used.id}`)).body;
    const as = async (scopes: readonly string[]) =>
      client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
    const body = { ids: [used.id], reason: "unused", dryRun: true };
    const ender = await as(["claviger:keys:revoke"]);
    const looked = async (ids: readonly string[]) =>
      (await ender.post<Many>("/v1/keys/revoke", { ...body, ids })).body.selected;
    expect(await looked([used.id])).toMatchObject({ keys: 1, sample: [], confirm: label });
    expect(await looked([quiet.id])).toMatchObject({ keys: 1, sample: [], confirm: null });
    expect(await looked([used.id, quiet.id])).toMatchObject({ keys: 2, sample: [], confirm: null });
    const refused = [
      await ender.post<Problem>("/v1/keys/revoke", { ...body, dryRun: false }),
      await ender.post<Problem>(`/v1/keys/${used.id}/revoke`, { reason: "unused", confirm: "another" }),
    ];
    for (const answer of refused) expect(answer.body).toMatchObject({ code: "CONFIRMATION_REQUIRED", confirm: label });
    // The answer of the act itself shows the key.
    const ended = await ender.post<{ key: Key }>(`/v1/keys/${quiet.id}/revoke`, { reason: "unused" });
    expect(ended.body.key.label).toMatch(/^key /);
    const writer = await as(["claviger:keys:write", "claviger:keys:read"]);
    for (const path of ["/v1/keys/revoke", "/v1/keys/suspend"])
      expect((await writer.post(path, body)).status).toBe(403);
  });
});

describe("what became of each key", () => {
  test("is told key by key, stands in the trail of each, and leaves alone what was so before", async () => {
    const [active, suspended, revoked] = (await issue(stage.account, 3)) as [MadeKey, MadeKey, MadeKey];
    succeeded(await stage.root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "earlier" }));
    succeeded(await stage.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
    const unknown = "key_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const { body } = succeeded(
      await stage.root.post<Many>("/v1/keys/suspend", {
        ...{ ids: [active.id, suspended.id, revoked.id, unknown, active.id], reason: "a question" },
      }),
    );
    expect(body.results).toEqual([
      { key: active.id, outcome: "done" },
      { key: suspended.id, outcome: "already" },
      { key: revoked.id, outcome: "final" },
      { key: unknown, outcome: "unknown" },
    ]);
    const told = body.bulkAct as BulkAct;
    expect(told.outcomes).toEqual({ done: 1, already: 1, final: 1, kept: 0, unknown: 1 });
    expect((await stage.root.get<BulkAct>(`/v1/bulk-acts/${told.id}`)).body).toMatchObject({ status: "finished" });
    const rows = await readAll<{ key: string }>(stage.root, `/v1/bulk-acts/${told.id}/results`, 3);
    expect(rows.map(({ key }) => key)).toEqual(body.results.map(({ key }) => key));
    expect(await readAll(stage.root, `/v1/bulk-acts/${told.id}/results?outcome=done`, 3)).toHaveLength(1);
    expect((await stage.root.get<Key>(`/v1/keys/${suspended.id}`)).body.statusReason).toBe("earlier");
    const trail = await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${active.id}`);
    expect(trail.body.data[0]).toMatchObject({
      ...{ action: "key.suspended", before: { state: "active" } },
      after: { state: "suspended", reason: "a question" },
    });
    const acts = await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${told.id}`);
    expect(acts.body.data.map(({ action }) => action)).toEqual(["bulk-act.finished", "bulk-act.started"]);
  });

  test("of more than 1 000 keys is a list of its own", async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => `key_${String(index).padStart(26, "0")}`);
    const { body } = succeeded(await revoke({ ids, confirm: ids.length, waitSeconds: 30 }));
    expect(body).toMatchObject({ bulkAct: { status: "finished", outcomes: { unknown: ids.length } }, results: [] });
    const rows = await readAll<{ key: string }>(stage.root, `/v1/bulk-acts/${body.bulkAct?.id}/results`, 200);
    expect(rows.map(({ key }) => key)).toEqual(ids);
  });

  test("an act that nobody waits for goes on by itself, and may be waited for", async () => {
    const account = await makeAccount(stage.root);
    const keys = await issue(account, 5);
    const { status, body } = await revoke({ account: account.id, waitSeconds: 0 });
    expect(status).toBe(202);
    expect(body).toMatchObject({ bulkAct: { status: "running", keys: 5, acted: 0 }, effective: null });
    const id = body.bulkAct?.id ?? "";
    const finished = succeeded(await stage.root.post<Many>(`/v1/bulk-acts/${id}/finish`, { waitSeconds: 30 })).body;
    expect(finished).toMatchObject({ bulkAct: { status: "finished", acted: 5 }, effective: { everywhere: true } });
    for (const key of keys) expect(await codeOf(key)).toBe("REVOKED");
    const left = await revoke({ account: account.id, waitSeconds: 0 });
    expect(left.body.bulkAct).toMatchObject({ status: "finished", keys: 0 });
    const other = await issue(account, 1);
    const alone = (await revoke({ account: account.id, waitSeconds: 0 })).body.bulkAct?.id;
    await waitFor(async () => (await stage.root.get<BulkAct>(`/v1/bulk-acts/${alone}`)).body.status === "finished");
    expect(await statusOf(other[0] as MadeKey)).toBe("revoked");
    expect((await stage.root.post("/v1/bulk-acts/bulk_01ARZ3NDEKTSV4RRFFQ69G5FAV/finish")).status).toBe(404);
  });

  test("twenty parallel repeats with one Idempotency-Key act once, on the keys of the first, and all answer what is in force", async () => {
    const account = await makeAccount(stage.root);
    await issue(account, 8);
    const headers = { "idempotency-key": uniqueSuffix() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => revoke({ account: account.id }, headers)));
    expect(new Set(answers.map(({ body }) => body.bulkAct?.id)).size).toBe(1);
    for (const answer of answers) expect(succeeded(answer).body).toMatchObject({ effective: { everywhere: true } });
    const later = await issueKey(stage.root, account.id);
    expect((await revoke({ account: account.id }, headers)).body.bulkAct).toMatchObject({ keys: 8, acted: 8 });
    expect(await statusOf(later)).toBe("active");
    const events = await readAll<AuditEvent>(
      stage.root,
      `/v1/audit-events?account=${account.id}&action=key.revoked`,
      200,
    );
    expect(events).toHaveLength(8);
  });
});

describe("by the command line", () => {
  const cli = (...args: string[]) =>
    claviger(args, { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey });

  test("a selection is looked at, ended once its number is typed, and waited for", async () => {
    const account = await makeAccount(stage.root);
    const keys = await issue(account, 22);
    const many = ["keys", "revoke-many", "--account", account.externalId, "--reason", "leaked"];
    const looked = await cli(...many, "--dry-run", "--json");
    expect(JSON.parse(looked.stdout)).toMatchObject({ selected: { keys: 22, confirm: 22 } });
    expect(await cli(...many, "--yes")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/CONFIRMATION_REQUIRED/),
    });
    const ended = await cli(...many, "--confirm", "22", "--yes", "--json");
    expect(ended.code, ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ...{ bulkAct: { status: "finished", outcomes: { done: 22 } }, effective: { everywhere: true } },
    });
    expect(await statusOf(keys[0] as MadeKey)).toBe("revoked");
    const { id } = JSON.parse(ended.stdout).bulkAct as BulkAct;
    expect((await cli("bulk-acts", "results", id, "--all")).stdout.match(/ done/g)).toHaveLength(22);
    const started = await stage.root.get<Page<AuditEvent>>(
      `/v1/audit-events?account=${account.id}&action=bulk-act.started`,
    );
    expect(started.body.data).toHaveLength(1);
  });

  test("somebody who says how long to wait is waited for no longer", async () => {
    const account = await makeAccount(stage.root);
    const keys = await issue(account, 2);
    const many = ["keys", "suspend-many", "--account", account.id, "--reason", "a question", "--yes", "--json"];
    const begun = await cli(...many, "--wait-seconds", "0");
    expect(JSON.parse(begun.stdout)).toMatchObject({ bulkAct: { status: "running", acted: 0 }, effective: null });
    const { id } = JSON.parse(begun.stdout).bulkAct as BulkAct;
    const ended = await cli("bulk-acts", "finish", id, "--wait-seconds", "30", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({
      bulkAct: { status: "finished" },
      effective: { everywhere: true },
    });
    expect(await statusOf(keys[0] as MadeKey)).toBe("suspended");
  });

  test("one key that is in use asks for its label, where a script wants to be asked", async () => {
    const key = await issueKey(stage.root, stage.account.id);
    await use(key);
    const { label } = (await stage.root.get<Key>(`/v1/keys/${key.id}`)).body;
    const end = ["keys", "revoke", key.id, "--reason", "leaked", "--guarded", "--yes"];
    expect(await cli(...end)).toMatchObject({ code: 1, stderr: expect.stringMatching(/CONFIRMATION_REQUIRED/) });
    expect((await cli(...end, "--confirm", label)).code).toBe(0);
    expect(await codeOf(key)).toBe("REVOKED");
  });
});
