/** Policies over the API and the command line: what holds for a key, who may say so, and what is refused (A9, B4, D1). */
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  makeAccount,
  succeeded,
  uniqueSuffix,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  type NewKey,
  openStage,
  type Page,
  type Problem,
  type Stage,
} from "../support/client.ts";
import { startCommand } from "../support/command.ts";

interface Told {
  readonly value: unknown;
  readonly layers: readonly string[];
  readonly why: string;
}
interface KeyPolicy {
  readonly key: string;
  readonly risk: string;
  readonly approval: string | null;
  readonly own: object;
  readonly values: Readonly<Record<string, Told>>;
}

let stage: Stage;
let root: Api;
beforeAll(async () => {
  stage = await openStage();
  root = stage.root;
});
afterAll(() => stage.app.stop());

const DAY_MS = 86_400_000;
const daysOf = (key: Key) => Math.round((Date.parse(key.expiresAt ?? "") - Date.parse(key.createdAt)) / DAY_MS);
const policyOf = async (id: string) => succeeded(await root.get<KeyPolicy>(`/v1/keys/${id}/policy`)).body;
const put = async (path: string, body: object) => succeeded(await root.put<Record<string, unknown>>(path, body));
async function makePolicy(body: object): Promise<string> {
  const name = `p-${uniqueSuffix()}`;
  await put(`/v1/policies/${name}`, body);
  return name;
}
/** An account of its own, under a policy. */
async function accountUnder(body: object): Promise<string> {
  const { id } = await makeAccount(root);
  await put(`/v1/accounts/${id}/policy`, { policy: await makePolicy(body) });
  return id;
}
const create = (account: string, fields: object): Promise<Answer<NewKey & Problem>> =>
  root.post<NewKey & Problem>("/v1/keys", {
    ...{ account, environment: "live", label: "crm", scopes: ["contacts:read"] },
    ...fields,
  });
const pathsOf = ({ body }: Answer<Problem>) => body.errors?.map(({ path }) => path);

describe("what holds for a key (D1)", () => {
  test("as shipped: 90 days, 30 for high risk, 72 hours of overlap, and which layer says so", async () => {
    const { id } = await issueKey(root, stage.account.id);
    const low = await policyOf(id);
    expect(low).toMatchObject({ key: id, risk: "low", approval: null, own: {} });
    expect(low.values).toMatchObject({
      lifetimeDays: { value: 90, layers: ["platform"], why: "the policy default" },
      maxLifetimeDays: { value: null },
      rotationDays: { value: 90 },
      overlapHours: { value: 72 },
      warningDays: { value: [30, 14, 7, 3, 1] },
      dormancyDays: { value: 90 },
    });
    const grant = { scopes: ["users:write"], rationale: "provisioning" };
    const high = await policyOf((await issueKey(root, stage.account.id, grant)).id);
    expect(high.risk).toBe("high");
    expect(high.values).toMatchObject({
      lifetimeDays: { value: 30, layers: ["platform"], why: "the policy default, for keys of risk high" },
      maxLifetimeDays: { value: 365 },
      rotationDays: { value: 30 },
    });
    expect(await create(stage.account.id, { ...grant, expiresAt: null })).toMatchObject({
      ...{ status: 422, body: { code: "POLICY_VIOLATED", errors: [{ path: "expiresAt" }] } },
    });
  });

  test("is said by the account's policy, by what is set for it alone, by the environment and by the key", async () => {
    const account = await accountUnder({ lifetimeDays: 200, rotationDays: 45 });
    const tag = uniqueSuffix().slice(0, 4);
    await put(`/v1/environments/e-${tag}`, { tag, class: "production" });
    await put(`/v1/environments/e-${tag}/policy`, {
      policy: await makePolicy({ lifetimeDays: 150, overlapHours: 24 }),
    });
    const { id } = await issueKey(root, account);
    const elsewhere = await issueKey(root, account, { environment: `e-${tag}` });
    expect((await policyOf(id)).values.lifetimeDays).toMatchObject({ value: 200, layers: ["account-policy"] });
    expect(await policyOf(id)).toMatchObject({ approval: null });
    expect((await policyOf(elsewhere.id)).values.lifetimeDays).toMatchObject({ value: 150, layers: ["environment"] });
    const { policy } = succeeded(await root.get<{ policy: string }>(`/v1/accounts/${account}/policy`)).body;
    const approvals = [{ by: "account", tiers: ["read"] }];
    await put(`/v1/accounts/${account}/policy`, { policy, overrides: { approvals } });
    expect(await policyOf(id)).toMatchObject({ approval: "account" });
    await put(`/v1/accounts/${account}/policy`, { policy, overrides: { lifetimeDays: 120, overlapHours: 100 } });
    expect((await policyOf(elsewhere.id)).values).toMatchObject({
      lifetimeDays: { value: 120, layers: ["account"], why: "set for the account" },
      overlapHours: { value: 24, layers: ["environment"] },
      rotationDays: { value: 45, layers: ["account-policy"] },
      dormancyDays: { value: 90, layers: ["platform"] },
    });
    await put(`/v1/keys/${id}/policy`, { rotationDays: 10 });
    expect((await policyOf(id)).values.rotationDays).toEqual({
      ...{ value: 10, layers: ["key"], why: "set on the key itself" },
    });
    const issued = (await root.get<Key>(`/v1/keys/${(await issueKey(root, account)).id}`)).body;
    expect(daysOf(issued)).toBe(120);
  });

  test("a key's own is never less strict than what stands above, nor than what the key is", async () => {
    const account = await accountUnder({ rotationDays: 30, requireIpBinding: false });
    const { id } = await issueKey(root, account, { expiresInDays: 60 });
    const own = (body: object) => root.put<Problem>(`/v1/keys/${id}/policy`, body);
    expect(await own({ rotationDays: 31, overlapHours: 73, dormancyAction: "flag" })).toMatchObject({
      ...{
        status: 422,
        body: { code: "POLICY_VIOLATED", errors: [{ path: "rotationDays" }, { path: "overlapHours" }] },
      },
    });
    expect(pathsOf(await own({ rotationDays: null }))).toEqual(["rotationDays"]);
    expect(pathsOf(await own({ maxLifetimeDays: 59 }))).toEqual(["maxLifetimeDays"]);
    expect(pathsOf(await own({ requireIpBinding: true }))).toEqual(["requireIpBinding"]);
    expect(pathsOf(await own({ lifetimeDays: 3 }))).toEqual(["lifetimeDays"]);
    succeeded(await own({ maxLifetimeDays: 60, rotationDays: 20 }));
    expect(pathsOf(await root.patch<Problem>(`/v1/keys/${id}`, { expiresInDays: 61 }))).toEqual(["expiresInDays"]);
    // What the key had set is its own to take back.
    succeeded(await own({}));
    succeeded(await root.patch(`/v1/keys/${id}`, { expiresInDays: 61 }));
    succeeded(await root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
    expect(await own({ rotationDays: 5 })).toMatchObject({ status: 409, body: { code: "STATE_CONFLICT" } });
  });
});

describe("what a policy demands of keys (A9)", () => {
  test("is refused with everything that is wrong at once, each with its path and the layer that says so", async () => {
    const account = await accountUnder({
      ...{ lifetimeDays: 20, maxLifetimeDays: 30, labelPatterns: ["[a-z]+-(live|test)"], requireIpBinding: true },
      requiredFields: ["owner", "service", "purpose"],
    });
    const refused = await create(account, { label: "CRM", expiresInDays: 31, purpose: "reports" });
    expect(refused).toMatchObject({ status: 422, body: { code: "POLICY_VIOLATED" } });
    expect(pathsOf(refused)).toEqual(["expiresInDays", "label", "owner", "service", "allowedIps"]);
    expect(refused.body.errors?.[1]?.message).toContain("[a-z]+-(live|test)");
    expect(refused.body.errors?.[0]?.message).toContain("the account's policy p-");
    const fine = { label: "crm-live", purpose: "reports", owner: "ext:owner", service: "ext:crm", allowedIps: ["::1"] };
    const made = await create(account, fine);
    expect(daysOf(succeeded(made).body.key)).toBe(20);
    const change = (fields: object) => root.patch<Problem>(`/v1/keys/${made.body.key.id}`, fields);
    expect(pathsOf(await change({ label: "CRM", owner: null, allowedIps: [], expiresAt: null }))).toEqual([
      ...["expiresAt", "label", "owner", "allowedIps"],
    ]);
    succeeded(await change({ label: "other-test", expiresInDays: 29 }));
  });

  test("asks of an old key only what is changed of it, and everything where its risk rises", async () => {
    const account = await accountUnder({});
    const { body } = succeeded(await create(account, { label: "Old", expiresAt: null }));
    const { policy } = succeeded(await root.get<{ policy: string }>(`/v1/accounts/${account}/policy`)).body;
    await put(`/v1/policies/${policy}`, { labelPatterns: ["[a-z]+"], requiredFields: ["owner"], maxLifetimeDays: 50 });
    const change = (fields: object) => root.patch<Problem>(`/v1/keys/${body.key.id}`, fields);
    succeeded(await change({ purpose: "known" }));
    // Sooner than before, though still later than what a new key may ask for.
    succeeded(await change({ expiresInDays: 300 }));
    expect(pathsOf(await change({ scopes: ["users:write"], rationale: "r" }))).toEqual(["expiresAt", "label", "owner"]);
    succeeded(await change({ scopes: ["contacts:read", "contacts:read"] }));
  });

  test("a lifetime counts from the issue of the key, so that it is not drawn out again and again", async () => {
    const account = await accountUnder({ maxLifetimeDays: 10 });
    const { body } = succeeded(await create(account, { expiresInDays: 2 }));
    const latest = Date.parse(body.key.createdAt) + 10 * DAY_MS;
    const change = (at: number) => root.patch(`/v1/keys/${body.key.id}`, { expiresAt: new Date(at).toISOString() });
    expect((await change(latest)).status).toBe(200);
    expect((await change(latest + 1_000)).status).toBe(422);
  });

  test("a rotation gives a key the lifetime and the overlap of its policy, and no longer one", async () => {
    const account = await accountUnder({ lifetimeDays: 5, maxLifetimeDays: 10, overlapHours: 30 });
    const { body } = succeeded(await create(account, { expiresInDays: 2 }));
    const rotate = (fields: object) => root.post<NewKey & Problem>(`/v1/keys/${body.key.id}/rotate`, fields);
    expect(pathsOf(await rotate({ expiresInDays: 11 }))).toEqual(["expiresInDays"]);
    expect(pathsOf(await rotate({ expiresAt: null }))).toEqual(["expiresAt"]);
    const rotated = succeeded(await rotate({})).body.key;
    const [old, issued] = rotated.versions;
    const hours = (from = "", to = "") => Math.round((Date.parse(to) - Date.parse(from)) / 3_600_000);
    expect(hours(issued?.createdAt, rotated.expiresAt ?? "")).toBe(5 * 24);
    expect(hours(issued?.createdAt, old?.expiresAt ?? "")).toBe(30);
  });

  test("an account holds no more keys than its policy allows, also with calls in parallel", async () => {
    const account = await accountUnder({ maxActiveKeys: 3 });
    const made = await Promise.all(Array.from({ length: 8 }, () => create(account, {})));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(pathsOf(made.find(({ status }) => status !== 201) as Answer<Problem>)).toEqual(["account"]);
  });
});

describe("the policy of management keys", () => {
  test("no default of customers' keys reaches them, and theirs cannot demand what they do not have", async () => {
    await put("/v1/policies/default", { maxLifetimeDays: 5, lifetimeDays: 1, requiredFields: ["owner"] });
    try {
      const { id } = await issueManagementKey(root, ["claviger:keys:read"]);
      expect((await root.get<Key>(`/v1/keys/${id}`)).body.expiresAt).toBeNull();
      expect((await policyOf(id)).values.lifetimeDays).toMatchObject({ value: null, why: "the policy management" });
      const { body } = succeeded(await create(stage.account.id, { owner: "ext:owner" }));
      expect(daysOf(body.key)).toBe(1);
    } finally {
      await put("/v1/policies/default", {});
    }
    const wrong = {
      requiredFields: ["purpose", "owner"],
      dormancyAction: "revoke",
      risks: { high: {} },
      maxActiveKeys: 1,
    };
    expect(pathsOf(await root.put<Problem>("/v1/policies/management", wrong))?.toSorted()).toEqual([
      ...["dormancyAction", "maxActiveKeys", "requiredFields[1]", "risks"],
    ]);
    expect(pathsOf(await root.put<Problem>("/v1/environments/live/policy", { policy: "management" }))).toEqual([
      "policy",
    ]);
  });

  test("is changed by who may manage management keys, and holds for new ones", async () => {
    const { secret } = await issueManagementKey(root, ["claviger:policies:write", "claviger:policies:read"]);
    const staff = client(stage.app.url, secret);
    expect(await staff.put("/v1/policies/management", { lifetimeDays: 1 })).toMatchObject({ status: 403 });
    await put("/v1/policies/management", { lifetimeDays: 7, maxLifetimeDays: 14 });
    try {
      const { id } = await issueManagementKey(root, ["verify"]);
      expect(daysOf((await root.get<Key>(`/v1/keys/${id}`)).body)).toBe(7);
      const never = {
        account: "platform",
        label: "x",
        scopes: ["claviger:keys:read"],
        rationale: "r",
        expiresAt: null,
      };
      expect(pathsOf(await root.post<Problem>("/v1/keys", never))).toEqual(["expiresAt"]);
    } finally {
      await put("/v1/policies/management", {});
    }
  });
});

test("who may only see or make keys changes no policy, and an account's is nobody's but by its own name", async () => {
  const { secret } = await issueManagementKey(root, ["claviger:keys:write", "claviger:catalogue:write"]);
  const maker = client(stage.app.url, secret);
  for (const path of ["/v1/policies/x", `/v1/accounts/${stage.account.id}/policy`, "/v1/environments/live/policy"]) {
    expect((await maker.put(path, path.includes("environments") ? { policy: null } : {})).status, path).toBe(403);
    expect((await maker.get(path)).status, path).toBe(403);
  }
  for (const account of ["platform", "ext:nobody"])
    expect((await root.put(`/v1/accounts/${account}/policy`, {})).status, account).toBe(404);
  expect((await root.put("/v1/environments/nowhere/policy", { policy: null })).status).toBe(404);
  const unknown = await root.put<Problem>(`/v1/accounts/${stage.account.id}/policy`, { policy: "nothing" });
  expect(pathsOf(unknown)).toEqual(["policy"]);
});

test("what an account is told of its policy never comes from another one", async () => {
  const strict = await accountUnder({ maxLifetimeDays: 1, lifetimeDays: 1 });
  await put(`/v1/accounts/${strict}/policy`, { overrides: { maxLifetimeDays: 1 } });
  const { id } = await issueKey(root, stage.account.id);
  expect((await policyOf(id)).values.maxLifetimeDays).toMatchObject({ value: null });
});

test("every change is an audit event with what was and what is (H1)", async () => {
  const name = await makePolicy({ rotationDays: 10 });
  await put(`/v1/policies/${name}`, { rotationDays: 20, overlapHours: 1 });
  await put(`/v1/accounts/${stage.account.id}/policy`, { policy: name });
  const { id } = await issueKey(root, stage.account.id);
  await put(`/v1/keys/${id}/policy`, { rotationDays: 5 });
  await put(`/v1/accounts/${stage.account.id}/policy`, {});
  const events = async (target: string) =>
    (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${target}`)).body.data.filter(({ action }) =>
      action.includes("policy"),
    );
  expect(await events(name)).toMatchObject([
    { action: "policy.updated", before: { rotationDays: 10, overlapHours: null }, after: { rotationDays: 20 } },
    { action: "policy.created", after: { rotationDays: 10 } },
  ]);
  expect((await events(stage.account.id))[0]).toMatchObject({
    ...{
      action: "account-policy.updated",
      account: stage.account.id,
      before: { policy: name },
      after: { policy: null },
    },
  });
  expect(await events(id)).toMatchObject([
    { action: "key-policy.updated", before: { rotationDays: null }, after: { rotationDays: 5 } },
  ]);
});

test("policies are set and asked for from the command line", async () => {
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const run = async (...words: string[]) => {
    const { code, stdout, stderr } = await startCommand([...words, "--json"], env).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout);
  };
  const name = `p-${uniqueSuffix()}`;
  const set = ["--rotation-days", "40", "--required-fields", "owner", "--label-patterns", "^[a-z]+"];
  await run("policies", "put", name, ...set);
  expect(await run("policies", "get", name)).toMatchObject({ rotationDays: 40, labelPatterns: ["^[a-z]+"] });
  const { id } = await issueKey(root, stage.account.id);
  await run("policies", "put-account", stage.account.externalId, "--policy", name);
  expect(await run("keys", "policy", id)).toMatchObject({ values: { rotationDays: { value: 40 } } });
  await run("keys", "put-policy", id, "--rotation-days", "10");
  expect(await run("keys", "policy", id)).toMatchObject({ values: { rotationDays: { value: 10, layers: ["key"] } } });
  await put(`/v1/accounts/${stage.account.id}/policy`, {});
});
