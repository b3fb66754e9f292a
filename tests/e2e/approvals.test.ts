/** What policy lets nobody do alone waits for somebody else, and no secret exists before (A8). */
import { type Api, issueKey, issueManagementKey, succeeded, uniqueSuffix, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  openStage,
  type Page,
  type Problem,
  type Stage,
  type Verdict,
} from "../support/client.ts";
import { runCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";

interface Approval {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly status: string;
  readonly approver: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly requestedBy: unknown;
  readonly decidedBy: unknown;
  readonly comment: string | null;
  readonly dueAt: string;
}
interface Asked {
  readonly key: Key;
  readonly secret: string | null;
  readonly approval: Approval;
}
interface Acted extends Asked {
  readonly effective: { readonly everywhere: boolean } | null;
}

const problem = (answer: { body: unknown }): Problem => answer.body as Problem;

let stage: Stage;
/** A customer-facing program of the platform, which speaks for its members; and a person of the platform. */
let backend: Api;
let staff: Api;
const DECIDES = ["claviger:approvals:read", "claviger:approvals:decide"];
beforeAll(async () => {
  stage = await openStage();
  const as = async (scopes: string[]) => client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
  backend = await as(["claviger:keys:read", "claviger:keys:write", "claviger:keys:revoke", ...DECIDES]);
  staff = await as(["claviger:keys:read", ...DECIDES, "claviger:approvals:staff"]);
});
afterAll(() => stage.app.stop());

const put = async (path: string, body: object) => succeeded(await stage.root.put(path, body));

/** An account with an admin, an owner and a developer, under rules of approval. */
async function accountUnder(approvals: readonly object[], policy: object = {}): Promise<string> {
  const name = `a-${uniqueSuffix()}`;
  await put(`/v1/policies/${name}`, { ...policy, approvals });
  await put(`/v1/accounts/ext:${name}`, { name: "A" });
  const { id } = succeeded(await stage.root.get<{ id: string }>(`/v1/accounts/ext:${name}`)).body;
  for (const [member, role] of Object.entries({ ada: "admin", olga: "owner", dev: "developer" })) {
    await put(`/v1/accounts/${id}/members/ext:${member}`, { email: `${member}@a.example`, name: member, role });
  }
  await put(`/v1/accounts/${id}/policy`, { policy: name });
  return id;
}

const wanted = (account: string, fields: object = {}) => ({
  ...{ account, environment: "live", label: "Payroll", scopes: ["contacts:read"], createdBy: "ext:ada" },
  ...fields,
});
async function ask(account: string, fields: object = {}, api = backend): Promise<Asked> {
  const answer = await api.post<Asked>("/v1/keys", wanted(account, fields));
  expect(answer.status, answer.text).toBe(202);
  return answer.body;
}
const decide = (api: Api, verb: "approve" | "deny", { approval }: Asked, body: object = {}) =>
  api.post<Acted & Problem>(`/v1/approvals/${approval.id}/${verb}`, body);
const claim = (api: Api, { approval }: Asked) => api.post<Acted & Problem>(`/v1/approvals/${approval.id}/claim`);
const cancel = (api: Api, { approval }: Asked) => api.post<Acted & Problem>(`/v1/approvals/${approval.id}/cancel`);
const shown = async ({ approval }: Asked) => (await staff.get<Approval>(`/v1/approvals/${approval.id}`)).body;
const keyOf = async (id: string) => succeeded(await backend.get<Key>(`/v1/keys/${id}`)).body;
const verdictOf = async (key: string, path: string) =>
  (await stage.root.post<Verdict>("/v1/verify", { key, environment: "live", method: "GET", path })).body;
const trailOf = async (account: string) =>
  (await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?account=${account}`)).body.data.map(({ action }) => action);

describe("a new key", () => {
  test("waits, is approved by another admin of the account, and is claimed once by who asked", async () => {
    const account = await accountUnder([{ by: "account", environments: ["live"] }]);
    const asked = await ask(account, { expiresInDays: 30 });
    expect(asked).toMatchObject({
      ...{ secret: null, key: { status: "requested", versions: [], label: "Payroll" } },
      approval: { kind: "create", status: "requested", approver: "account", after: { scopes: ["contacts:read"] } },
    });
    const listed = async (query: string) =>
      (await backend.get<Page<Key>>(`/v1/keys?account=${account}${query}`)).body.data.map(({ id }) => id);
    expect(await listed("")).toEqual([]);
    expect(await listed("&status=requested")).toEqual([asked.key.id]);
    expect((await claim(backend, asked)).body).toMatchObject({ code: "STATE_CONFLICT" });

    const approved = succeeded(await decide(backend, "approve", asked, { by: "ext:olga", comment: "agreed" })).body;
    expect(approved.approval).toMatchObject({ status: "approved", comment: "agreed" });
    expect(approved.key.versions).toEqual([]);
    expect((await claim(staff, asked)).status).toBe(403);
    const picked = await claim(backend, asked);
    expect(picked.status).toBe(201);
    const { secret, key } = picked.body;
    expect(key).toMatchObject({ id: asked.key.id, status: "active", createdBy: asked.key.createdBy });
    expect(await verdictOf(secret ?? "", "/contacts")).toMatchObject({ valid: true, keyId: key.id });
    expect(problem(await claim(backend, asked))).toMatchObject({ status: 409 });
    expect(await listed("")).toEqual([key.id]);
    expect((await shown(asked)).status).toBe("done");
    expect(await trailOf(account)).toEqual(
      expect.arrayContaining(["approval.requested", "approval.approved", "approval.claimed", "key.created"]),
    );
  });

  test("is not asked about where no rule applies, and the rule of the platform counts where several do", async () => {
    const account = await accountUnder([
      { by: "account", tiers: ["write"] },
      { by: "staff", sensitive: true },
    ]);
    expect((await backend.post("/v1/keys", wanted(account))).status).toBe(201);
    expect(await ask(account, { scopes: [], tier: "write" })).toMatchObject({ approval: { approver: "account" } });
    await put("/v1/scopes/payroll:read", { description: "A", tier: "write", sensitive: true });
    const fields = { scopes: ["payroll:read"], rationale: "pays people", createdBy: "ext:olga" };
    expect(await ask(account, fields)).toMatchObject({ approval: { approver: "staff" } });
  });

  test("that is denied, cancelled or waited for too long never has a secret, and is over for good", async () => {
    const account = await accountUnder([{ by: "account" }]);
    const denied = await ask(account);
    expect((await decide(staff, "deny", denied, { comment: "too much" })).body.approval).toMatchObject({
      ...{ status: "denied", comment: "too much" },
    });
    expect(await keyOf(denied.key.id)).toMatchObject({ status: "revoked", versions: [] });
    const cancelled = await ask(account);
    expect((await cancel(staff, cancelled)).status).toBe(403);
    expect(succeeded(await cancel(backend, cancelled)).body.approval.status).toBe("cancelled");
    const late = await ask(account);
    await asPlatform(stage.app.database, (node) =>
      node.query("UPDATE approval SET due_at = now() - interval '1 second' WHERE id = $1", [late.approval.id]),
    );
    expect((await shown(late)).status).toBe("expired");
    expect(problem(await decide(staff, "approve", late))).toMatchObject({ status: 409 });
    await waitFor(async () => (await keyOf(late.key.id)).status === "revoked", { timeoutMs: 60_000 });
    expect(await trailOf(account)).toContain("approval.expired");
    for (const over of [denied, cancelled, late]) {
      for (const answer of [await decide(staff, "approve", over), await claim(backend, over)]) {
        expect(problem(answer)).toMatchObject({ status: 409 });
      }
    }
    const open = await staff.get<Page<Approval>>(`/v1/approvals?account=${account}&status=requested`);
    expect(open.body.data).toEqual([]);
  }, 90_000);

  test("passes every check again when it is claimed: what was allowed when it was asked for may not be now", async () => {
    const account = await accountUnder([{ by: "account" }]);
    const asked = await ask(account, { expiresInDays: 60 });
    succeeded(await decide(staff, "approve", asked));
    const { policy } = succeeded(await stage.root.get<{ policy: string }>(`/v1/accounts/${account}/policy`)).body;
    await put(`/v1/accounts/${account}/policy`, { policy, overrides: { maxLifetimeDays: 10 } });
    expect(problem(await claim(backend, asked))).toMatchObject({ code: "POLICY_VIOLATED" });
    await put(`/v1/accounts/${account}/policy`, { policy });
    succeeded(await stage.root.post(`/v1/accounts/${account}/suspend`, { reason: "unpaid" }));
    expect(problem(await claim(backend, asked))).toMatchObject({ code: "STATE_CONFLICT" });
    succeeded(await stage.root.post(`/v1/accounts/${account}/resume`));
    expect((await claim(backend, asked)).status).toBe(201);
  });

  test("cannot be acted on as a key while it waits", async () => {
    const asked = await ask(await accountUnder([{ by: "account" }]));
    const { id } = asked.key;
    for (const [path, body] of [
      ...([
        ["rotate", {}],
        ["suspend", { reason: "x" }],
        ["revoke", { reason: "unused" }],
      ] as const),
    ]) {
      expect((await stage.root.post(`/v1/keys/${id}/${path}`, body)).status).toBe(404);
    }
    expect((await stage.root.patch(`/v1/keys/${id}`, { label: "x" })).status).toBe(404);
    const many = await stage.root.post<{ bulkAct: unknown }>("/v1/keys/revoke", { ids: [id], reason: "unused" });
    expect(many.body.bulkAct).toMatchObject({ outcomes: { unknown: 1, done: 0 } });
    expect((await shown(asked)).status).toBe("requested");
  });
});

describe("nobody decides their own request", () => {
  test("neither the member who asked, nor one who is no admin, nor one of another account", async () => {
    const account = await accountUnder([{ by: "account" }]);
    const other = await accountUnder([]);
    const stranger = succeeded(await stage.root.get<{ id: string }>(`/v1/accounts/${other}/members/ext:olga`)).body.id;
    const asked = await ask(account);
    expect((await decide(backend, "approve", asked, { by: "ext:ada" })).body.code).toBe("APPROVAL_FORBIDDEN");
    for (const by of ["ext:dev", "ext:nobody", stranger]) {
      expect((await decide(backend, "approve", asked, { by })).body.errors).toMatchObject([{ path: "by" }]);
    }
    expect((await decide(backend, "approve", asked)).body.code).toBe("INSUFFICIENT_SCOPE");
    expect((await shown(asked)).status).toBe("requested");
  });

  test("nor the key that asked for the platform, nor any key that it has made", async () => {
    const account = await accountUnder([{ by: "account" }]);
    const asked = await ask(account, { createdBy: undefined }, stage.root);
    expect((await decide(stage.root, "approve", asked)).body.code).toBe("APPROVAL_FORBIDDEN");
    expect((await decide(stage.root, "approve", asked, { by: "ext:olga" })).body.code).toBe("APPROVAL_FORBIDDEN");
    // Every other key here was made by the root key.
    expect((await decide(staff, "approve", asked)).body.code).toBe("APPROVAL_FORBIDDEN");
    expect((await decide(staff, "deny", asked)).body.code).toBe("APPROVAL_FORBIDDEN");
  });

  test("nor a member of the account where the platform is to decide", async () => {
    const asked = await ask(await accountUnder([{ by: "staff" }]));
    expect((await decide(backend, "approve", asked, { by: "ext:olga" })).body.code).toBe("APPROVAL_FORBIDDEN");
    expect((await decide(staff, "approve", asked)).body.approval.status).toBe("approved");
  });
});

describe("a change", () => {
  test("that lets the key do more waits; one that lets it do less does not; approved, it is in force everywhere", async () => {
    const account = await accountUnder([]);
    const fields = wanted(account, { expiresInDays: 20, scopes: ["contacts:read", "contacts:write"] });
    const { key, secret } = succeeded(await backend.post<Asked>("/v1/keys", fields)).body;
    const { policy } = succeeded(await stage.root.get<{ policy: string }>(`/v1/accounts/${account}/policy`)).body;
    await put(`/v1/policies/${policy}`, { approvals: [{ by: "account" }] });
    const change = (body: object) => backend.patch<Asked & Problem>(`/v1/keys/${key.id}`, body);
    expect((await change({ scopes: ["contacts:read"] })).status).toBe(200);
    expect((await change({ label: "Payroll 2" })).status).toBe(200);
    expect((await change({ expiresInDays: 10 })).status).toBe(200);
    const more = { scopes: ["contacts:write"], expiresInDays: 25, requestedBy: "ext:ada" };
    const asked = await change(more);
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({
      ...{ key: { scopes: ["contacts:read"] }, effective: null },
      approval: { kind: "update", before: { scopes: ["contacts:read"] }, after: { scopes: ["contacts:write"] } },
    });
    expect(problem(await change({ tier: "write" }))).toMatchObject({ code: "STATE_CONFLICT" });
    expect(await verdictOf(secret ?? "", "/contacts")).toMatchObject({ valid: true });
    const approved = succeeded(await decide(backend, "approve", asked.body, { by: "ext:olga" })).body;
    expect(approved).toMatchObject({
      ...{ approval: { status: "done" }, key: { scopes: ["contacts:write"] }, effective: { everywhere: true } },
    });
    expect(await verdictOf(secret ?? "", "/contacts")).toMatchObject({ valid: false, code: "INSUFFICIENT_SCOPE" });
    expect((await claim(backend, asked.body)).status).toBe(409);
  });

  test("that cannot be made any more keeps its request waiting, and says why", async () => {
    const account = await accountUnder([{ by: "account" }]);
    const created = await ask(account);
    succeeded(await decide(staff, "approve", created));
    const { key } = succeeded(await claim(backend, created)).body;
    const asked = (await backend.patch<Asked>(`/v1/keys/${key.id}`, { scopes: ["contacts:read", "contacts:write"] }))
      .body;
    succeeded(await stage.root.post(`/v1/keys/${key.id}/revoke`, { reason: "unused" }));
    expect(problem(await decide(staff, "approve", asked))).toMatchObject({ code: "STATE_CONFLICT" });
    expect((await shown(asked)).status).toBe("requested");
    expect((await decide(staff, "deny", asked)).body.approval.status).toBe("denied");
  });
});

describe("a rotation in an emergency", () => {
  const RULE = { by: "account", acts: ["rotate"], environments: ["live"] };
  let rescuer: Api;
  beforeAll(async () => {
    const scopes = ["claviger:keys:read", "claviger:keys:write", "claviger:keys:emergency", ...DECIDES];
    rescuer = client(stage.app.url, (await issueManagementKey(stage.root, scopes)).secret);
  });
  const rotate = (id: string, body: object = {}, api = rescuer) =>
    api.post<Acted & Problem>(`/v1/keys/${id}/rotate`, { overlapHours: 0, requestedBy: "ext:ada", ...body });
  const validity = async (secret: string | null) => (await verdictOf(secret ?? "", "/contacts")).valid;

  test("waits where a rule names it: nothing is done until it is claimed, and then the old secret ends everywhere", async () => {
    const account = await accountUnder([RULE]);
    const { id, secret: old } = await issueKey(stage.root, account);
    const answer = await rotate(id, { expiresInDays: 7 });
    expect(answer.status, answer.text).toBe(202);
    const asked = answer.body;
    expect(asked).toMatchObject({
      ...{ secret: null, key: { id, status: "active", version: 1 } },
      approval: {
        kind: "rotate",
        before: { version: 1 },
        after: { overlapHours: 0, graceStarts: "now" },
        status: "requested",
      },
    });
    expect(problem(await rotate(id))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    expect(problem(await claim(rescuer, asked))).toMatchObject({ status: 409 });
    expect(problem(await decide(rescuer, "approve", asked, { by: "ext:ada" }))).toMatchObject({ status: 403 });
    succeeded(await decide(rescuer, "approve", asked, { by: "ext:olga" }));
    expect((await keyOf(id)).version).toBe(1);
    expect(await validity(old)).toBe(true);

    const claimed = (await claim(rescuer, asked)).body;
    expect(claimed).toMatchObject({
      ...{ key: { id, version: 2 }, approval: { status: "done" }, effective: { everywhere: true } },
      rotation: { kind: "emergency", from: 1, to: 2 },
    });
    expect([await validity(old), await validity(claimed.secret)]).toEqual([false, true]);
    expect(Date.parse(claimed.key.expiresAt ?? "") - Date.now()).toBeLessThan(8 * 86_400_000);
    expect(await trailOf(account)).toEqual(
      expect.arrayContaining(["approval.requested", "approval.approved", "approval.claimed", "key.rotated"]),
    );
  });

  test("waits for nobody where no rule names it, and neither does one with an overlap, nor what stops a key", async () => {
    const free = await issueKey(stage.root, await accountUnder([{ by: "account", environments: ["staging"] }]));
    expect((await rotate(free.id)).status).toBe(201);
    const bound = await issueKey(stage.root, await accountUnder([RULE]));
    expect((await rotate(bound.id, { overlapHours: 24 })).status).toBe(201);
    succeeded(await stage.root.post(`/v1/keys/${bound.id}/suspend`, { reason: "leaked" }));
    succeeded(await stage.root.post(`/v1/keys/${bound.id}/revoke`, { reason: "leaked" }));
    expect(problem(await rotate(bound.id))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
  });

  test("takes the scope of emergencies, when it is asked for and when it is claimed", async () => {
    const { id } = await issueKey(stage.root, await accountUnder([RULE]));
    expect(problem(await rotate(id, {}, backend))).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE" });
    const { id: helper, secret } = await issueManagementKey(stage.root, [
      "claviger:keys:write",
      "claviger:keys:emergency",
    ]);
    const asked = (await rotate(id, {}, client(stage.app.url, secret))).body;
    succeeded(await decide(staff, "approve", asked));
    succeeded(await stage.root.patch(`/v1/keys/${helper}`, { scopes: ["claviger:keys:write"] }));
    expect(problem(await claim(client(stage.app.url, secret), asked))).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    expect((await shown(asked)).status).toBe("approved");
    expect((await keyOf(id)).version).toBe(1);
  });

  test("is not to be had by another name: an overlap in which nobody can follow waits too, and what is in use is not ended", async () => {
    const { id, secret } = await issueKey(stage.root, await accountUnder([RULE]));
    for (const body of [{ graceStarts: "first-use" }, { graceStarts: "confirm" }, { overlapHours: 1 }]) {
      const asked = await rotate(id, body);
      expect(asked.status, asked.text).toBe(202);
      succeeded(await rescuer.post(`/v1/approvals/${asked.body.approval.id}/cancel`));
    }
    const finish = () => rescuer.post<Problem>(`/v1/keys/${id}/rotation/finish`);
    expect(await validity(secret)).toBe(true);
    const { body } = succeeded(await rotate(id, { overlapHours: 24 }));
    expect((await finish()).status).toBe(409);
    // Whoever rotates can make the new version look used.
    expect(await validity(body.secret)).toBe(true);
    await waitFor(async () => {
      const shown = await rescuer.get<{ rotation: { seenAt: string | null } }>(`/v1/keys/${id}/rotation`);
      return shown.body.rotation.seenAt !== null;
    });
    expect(problem(await finish())).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    expect(await validity(secret)).toBe(true);
  });

  test("does to the key what was approved, and nothing where it was rotated since", async () => {
    const { id } = await issueKey(stage.root, await accountUnder([RULE]));
    const asked = (await rotate(id)).body;
    succeeded(await decide(rescuer, "approve", asked, { by: "ext:olga" }));
    succeeded(await rotate(id, { overlapHours: 24 }));
    expect(problem(await claim(rescuer, asked))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    expect((await keyOf(id)).version).toBe(2);
  });

  test("is no way to a later expiry where changes wait", async () => {
    const { id } = await issueKey(stage.root, await accountUnder([{ by: "account", acts: ["update"] }]), {
      expiresInDays: 10,
    });
    for (const body of [{ expiresInDays: 60 }, { overlapHours: 72, expiresInDays: 60 }]) {
      expect(problem(await rotate(id, body))).toMatchObject({ status: 409, code: "STATE_CONFLICT" });
    }
    expect((await rotate(id, { overlapHours: 72, expiresInDays: 5 })).status).toBe(201);
  });

  test("does not wait behind a change that waits; of one that is denied, and of a key that was revoked, nothing is left to claim", async () => {
    const account = await accountUnder([{ ...RULE, acts: ["update", "rotate"] }]);
    const { id } = await issueKey(stage.root, account);
    const wider = await rescuer.patch(`/v1/keys/${id}`, { scopes: ["contacts:write"], requestedBy: "ext:ada" });
    expect(wider.status).toBe(202);
    const asked = (await rotate(id)).body;
    succeeded(await decide(rescuer, "deny", asked, { by: "ext:olga", comment: "no" }));
    expect((await keyOf(id)).status).toBe("active");
    const again = (await rotate(id)).body;
    succeeded(await stage.root.post(`/v1/keys/${id}/revoke`, { reason: "leaked" }));
    expect(problem(await decide(rescuer, "approve", again, { by: "ext:olga" }))).toMatchObject({ status: 409 });
  });
});

test("a change is approved as it was shown: where what it is about was changed since, it is asked for again", async () => {
  const account = await accountUnder([{ by: "account", acts: ["update"] }]);
  const { id } = await issueKey(stage.root, account, { expiresInDays: 30 });
  const longer = { expiresInDays: 60, requestedBy: "ext:ada" };
  const asked = (await backend.patch<Asked>(`/v1/keys/${id}`, longer)).body;
  const { expiresAt } = succeeded(await stage.root.patch<{ key: Key }>(`/v1/keys/${id}`, { expiresInDays: 5 })).body
    .key;
  expect(problem(await decide(staff, "approve", asked, { by: "ext:olga" }))).toMatchObject({ status: 409 });
  expect((await keyOf(id)).expiresAt).toBe(expiresAt);
});

test("keys that one key has made, or that have made one another, do not approve what the other asks for", async () => {
  const account = await accountUnder([{ by: "staff", acts: ["create"] }]);
  const scopes = ["claviger:management:write", "claviger:keys:read", "claviger:keys:write", ...DECIDES];
  const all = [...scopes, "claviger:approvals:staff"];
  const maker = client(stage.app.url, (await issueManagementKey(stage.root, all)).secret);
  const [one, other] = [await issueManagementKey(maker, all), await issueManagementKey(maker, all)];
  const [first, second] = [client(stage.app.url, one.secret), client(stage.app.url, other.secret)];
  const asked = await ask(account, {}, first);
  for (const api of [first, second, maker]) {
    expect(problem(await decide(api, "approve", asked))).toMatchObject({ status: 403, code: "APPROVAL_FORBIDDEN" });
  }
  succeeded(await decide(staff, "approve", asked));
});

test("of decisions at the same moment one counts, and of claims one shows a secret", async () => {
  const account = await accountUnder([{ by: "account" }]);
  const asked = await ask(account);
  const decisions = await Promise.all([
    ...[decide(staff, "approve", asked), decide(backend, "approve", asked, { by: "ext:olga" })],
    ...[decide(staff, "approve", asked), decide(backend, "approve", asked, { by: "ext:olga" })],
  ]);
  expect(decisions.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  const picked = await Promise.all([1, 2, 3, 4].map(() => claim(backend, asked)));
  expect(picked.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  expect(picked.filter(({ body }) => typeof body.secret === "string")).toHaveLength(1);
  expect((await keyOf(asked.key.id)).versions).toHaveLength(1);
});

test("a repeat with the same Idempotency-Key asks once, and shows no secret again", async () => {
  const account = await accountUnder([{ by: "account" }]);
  const headers = { "idempotency-key": "once" };
  const [first, second] = [
    await backend.post<Asked>("/v1/keys", wanted(account), headers),
    await backend.post<Asked>("/v1/keys", wanted(account), headers),
  ];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.body).toEqual(first.body);
  succeeded(await decide(staff, "approve", first.body));
  const path = `/v1/approvals/${first.body.approval.id}/claim`;
  const again = { "idempotency-key": "claimed-once" };
  const picks = [await backend.post<Asked>(path, undefined, again), await backend.post<Asked>(path, undefined, again)];
  expect(picks.map(({ status, body }) => [status, typeof body.secret])).toEqual([
    [201, "string"],
    [201, "object"],
  ]);
});

test("requests are asked for, decided and claimed from the command line", async () => {
  const account = await accountUnder([{ by: "account" }]);
  const { id: token, secret } = await issueManagementKey(stage.root, ["claviger:keys:write"]);
  const run = (key: string, ...words: string[]) =>
    runCommand(words, { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: key });
  const created = await run(
    ...([secret, "keys", "create", "--account", account, "--environment", "live", "--label", "Night job"] as const),
    ...["--scopes", "contacts:read", "--created-by", "ext:ada"],
  );
  expect(created.stderr).toContain("waits for approval");
  const root = stage.app.managementKey;
  const list = await run(root, "approvals", "list", "--account", account, "--json");
  const [asked] = (JSON.parse(list.stdout) as Page<Approval>).data;
  expect(asked).toMatchObject({ status: "requested", requestedBy: { key: token } });
  await run(root, "approvals", "approve", asked?.id ?? "", "--by", "ext:olga");
  const picked = await run(secret, "approvals", "claim", asked?.id ?? "");
  expect(picked.stdout.trim().split("\n").at(-1)).toMatch(/^clv_live_/);
});
