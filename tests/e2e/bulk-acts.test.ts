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
    readonly sample: readonly { readonly key: string; readonly label: string; readonly lastUsedAt: string | null }[];
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
    expect((await revoke({ account: "ext:nobody", dryRun: true })).body.selected?.keys).toBe(0);
    expect(await statusOf({ id, secret: "" })).toBe("active");
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

  test("labels are shown to who may see keys, and the act is for who may end them", async () => {
    const { id } = await issueKey(stage.root, stage.account.id);
    const as = async (scopes: readonly string[]) =>
      client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
    const body = { ids: [id], reason: "unused", dryRun: true };
    const ender = await as(["claviger:keys:revoke"]);
    expect((await ender.post<Many>("/v1/keys/revoke", body)).body.selected).toMatchObject({ keys: 1, sample: [] });
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
    expect(told.outcomes).toEqual({ done: 1, already: 1, final: 1, unknown: 1 });
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
