/** A policy that becomes stricter: what it would break is shown before, and comes with a grace after (D1). */
import {
  type Api,
  issueKey,
  issueManagementKey,
  makeAccount,
  succeeded,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  openStage,
  type Page,
  type Problem,
  readAll,
  type Stage,
  type Verdict,
} from "../support/client.ts";
import { startCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";

interface Enforcement {
  readonly id: string;
  readonly subject: string;
  readonly graceUntil: string;
  readonly looked: number;
  readonly shortened: number;
  readonly superseded: boolean;
  readonly finishedAt: string | null;
}
interface Broken {
  readonly key: string;
  readonly account: string;
  readonly endsAt: string | null;
  readonly breaks: readonly { readonly rule: string; readonly path: string }[];
}
interface Preview {
  readonly counts: {
    readonly looked: number;
    readonly ending: number;
    readonly broken: Readonly<Record<string, number>>;
  } | null;
  readonly data: readonly Broken[];
  readonly nextCursor: string | null;
}

let stage: Stage;
let root: Api;
beforeAll(async () => {
  stage = await openStage();
  root = stage.root;
});
afterAll(() => stage.app.stop());

const DAY_MS = 86_400_000;
const keyOf = async (id: string) => succeeded(await root.get<Key>(`/v1/keys/${id}`)).body;
const preview = async (body: object) => succeeded(await root.post<Preview>("/v1/policies/preview", body)).body;
const finished = (enforcement: Enforcement | null) =>
  waitFor(
    async () => {
      const all = await readAll<Enforcement>(root, "/v1/policy-enforcements", 200);
      const found = all.find(({ id }) => id === enforcement?.id);
      return found !== undefined && found.finishedAt !== null ? found : null;
    },
    { timeoutMs: 20_000 },
  );

/** An account under a policy of its own, with keys that never expire and one that does soon. */
async function makeWorld(count: number) {
  const name = `p-${uniqueSuffix()}`;
  succeeded(await root.put(`/v1/policies/${name}`, { maxLifetimeDays: null }));
  const { id: account } = await makeAccount(root);
  const put = await root.put<{ enforcement: Enforcement }>(`/v1/accounts/${account}/policy`, { policy: name });
  await finished(succeeded(put).body.enforcement);
  const endless = [];
  for (let index = 0; index < count; index += 1) endless.push(await issueKey(root, account, { expiresAt: null }));
  return { name, account, endless, short: await issueKey(root, account, { expiresInDays: 5 }) };
}

test("a preview tells which keys end, when, and which would be found wrong, page by page, and changes nothing", async () => {
  const { name, account, endless, short } = await makeWorld(5);
  const change = { policy: { name, maxLifetimeDays: 30, requiredFields: ["owner"] }, graceDays: 40 };
  const first = await preview({ ...change, limit: 2 });
  expect(first.counts).toMatchObject({ ending: 5, broken: { lifetime: 5, required: 6, label: 0, "ip-binding": 0 } });
  expect(first.counts?.looked).toBeGreaterThanOrEqual(6);
  const rows = [...first.data];
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const next = await preview({ ...change, limit: 2, cursor });
    expect(next.counts).toBeNull();
    rows.push(...next.data);
    cursor = next.nextCursor;
  }
  expect(rows.map(({ key }) => key).toSorted()).toEqual([...endless, short].map(({ id }) => id).toSorted());
  for (const row of rows) expect(row.account).toBe(account);
  const ofShort = rows.find(({ key }) => key === short.id);
  expect(ofShort).toMatchObject({ endsAt: null, breaks: [{ rule: "required", path: "owner" }] });
  const ends = rows.filter(({ endsAt }) => endsAt !== null).map(({ endsAt }) => Date.parse(endsAt ?? ""));
  for (const end of ends) expect(Math.abs(end - Date.now() - 40 * DAY_MS)).toBeLessThan(60_000);
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).toBeNull();
  // Of the account alone, and of an environment, nothing else is looked at.
  const ofAccount = await preview({ account: { id: account, overrides: { maxLifetimeDays: 3 } } });
  expect(ofAccount.counts).toMatchObject({ looked: 6, ending: 5 });
  expect((await preview({ environment: { name: "test", policy: name } })).counts?.looked).toBe(0);
  // Also of a policy that nobody is under yet.
  succeeded(await root.put(`/v1/policies/${name}-strict`, { maxLifetimeDays: 3 }));
  const moved = await preview({ account: { id: account, policy: `${name}-strict` } });
  expect(moved.counts).toMatchObject({ looked: 6, ending: 5 });
});

test("keys that break get until the end of the grace, go on until then, and say why in the record", async () => {
  const { name, endless, short } = await makeWorld(2);
  const before = await keyOf(short.id);
  const put = await root.put<{ enforcement: Enforcement }>(`/v1/policies/${name}`, {
    maxLifetimeDays: 2,
    graceDays: 3,
  });
  const { enforcement } = succeeded(put).body;
  expect(enforcement).toMatchObject({ subject: `policy:${name}`, shortened: 0, finishedAt: null });
  // Five days are more than the grace gives as well.
  expect(await finished(enforcement)).toMatchObject({ shortened: 3 });
  expect(Date.parse(before.expiresAt ?? "")).toBeGreaterThan(Date.parse(enforcement.graceUntil));
  for (const { id, secret } of [...endless, short]) {
    expect((await keyOf(id)).expiresAt).toBe(enforcement.graceUntil);
    const { code } = (await root.post<Verdict>("/v1/verify", { key: secret, environment: "live" })).body;
    expect(code).toBe("VALID");
  }
  const { data } = (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${endless[0]?.id}`)).body;
  expect(data[0]).toMatchObject({
    ...{ action: "key.updated", actor: { type: "system", id: "policies" }, before: { expiresAt: null } },
    after: { expiresAt: enforcement.graceUntil, enforcement: { id: enforcement.id, subject: `policy:${name}` } },
  });
});

test("more than 20 keys end only where their number is given", async () => {
  const { name, endless } = await makeWorld(21);
  const put = (body: object) => root.put<Problem & { enforcement: Enforcement }>(`/v1/policies/${name}`, body);
  for (const confirm of [undefined, 20, 22]) {
    const refused = await put({ maxLifetimeDays: 30, confirm });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: "CONFIRMATION_REQUIRED", confirm: 21 },
    });
  }
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).toBeNull();
  expect(await finished(succeeded(await put({ maxLifetimeDays: 30, confirm: 21 })).body.enforcement)).toMatchObject({
    shortened: 21,
  });
  // To be laxer again ends none, so it asks nothing, and brings no key back by itself.
  expect(succeeded(await put({ maxLifetimeDays: 60 })).body.enforcement).toBeNull();
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).not.toBeNull();
});

test("what an account or an environment is put under comes to its keys, and to no others", async () => {
  const [here, there] = [await makeWorld(1), await makeWorld(1)];
  const put = await root.put<{ enforcement: Enforcement }>(`/v1/accounts/${here.account}/policy`, {
    ...{ overrides: { maxLifetimeDays: 10 }, graceDays: 1 },
  });
  expect(await finished(succeeded(put).body.enforcement)).toMatchObject({ shortened: 1 });
  expect((await keyOf(here.endless[0]?.id ?? "")).expiresAt).not.toBeNull();
  expect((await keyOf(there.endless[0]?.id ?? "")).expiresAt).toBeNull();
  const tag = uniqueSuffix().slice(0, 4);
  succeeded(await root.put(`/v1/environments/e-${tag}`, { tag, class: "production" }));
  const inside = await issueKey(root, there.account, { environment: `e-${tag}`, expiresAt: null });
  succeeded(await root.put(`/v1/policies/e-${tag}`, { maxLifetimeDays: 10 }));
  const moved = await root.put<{ enforcement: Enforcement }>(`/v1/environments/e-${tag}/policy`, {
    policy: `e-${tag}`,
  });
  expect(await finished(succeeded(moved).body.enforcement)).toMatchObject({ looked: 1, shortened: 1 });
  expect((await keyOf(inside.id)).expiresAt).not.toBeNull();
  expect((await keyOf(there.endless[0]?.id ?? "")).expiresAt).toBeNull();
});

test("a grace that was given for one change holds also where another one, with a shorter grace, comes after", async () => {
  const { name, account, endless } = await makeWorld(1);
  const overrides = { maxLifetimeDays: 10 };
  const first = await root.put<{ enforcement: Enforcement }>(`/v1/accounts/${account}/policy`, {
    ...{ policy: name, overrides, graceDays: 30 },
  });
  const { enforcement } = succeeded(first).body;
  expect(await finished(enforcement)).toMatchObject({ shortened: 1 });
  const risks = { low: { maxLifetimeDays: 5 } };
  const second = await root.put<{ enforcement: Enforcement }>(`/v1/policies/${name}`, { risks, graceDays: 1 });
  // The key with five days is not among those that were given 30.
  expect(await finished(succeeded(second).body.enforcement)).toMatchObject({ shortened: 0 });
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).toBe(enforcement.graceUntil);
});

test("a newer change of the same policy takes the place of one before it, with its grace, and that is told", async () => {
  const { name, endless } = await makeWorld(1);
  const put = async (maxLifetimeDays: number, graceDays: number) => {
    const answer = await root.put<{ enforcement: Enforcement }>(`/v1/policies/${name}`, { maxLifetimeDays, graceDays });
    return finished(succeeded(answer).body.enforcement);
  };
  const first = await put(10, 40);
  expect(first).toMatchObject({ shortened: 1, superseded: false });
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).toBe(first.graceUntil);
  const second = await put(9, 20);
  expect((await keyOf(endless[0]?.id ?? "")).expiresAt).toBe(second.graceUntil);
  const all = await readAll<Enforcement>(root, "/v1/policy-enforcements", 200);
  expect(all.find(({ id }) => id === first.id)).toMatchObject({ superseded: true });
  expect(all.find(({ id }) => id === second.id)).toMatchObject({ superseded: false });
});

test("to cancel a rotation brings back no expiry that a policy has done away with meanwhile", async () => {
  const { name, endless } = await makeWorld(1);
  const { id = "" } = endless[0] ?? {};
  succeeded(await root.post(`/v1/keys/${id}/rotate`, { expiresInDays: 5 }));
  const { expiresAt: shortly } = await keyOf(id);
  const put = await root.put<{ enforcement: Enforcement }>(`/v1/policies/${name}`, {
    // Longer than the graces of the tests before: of several that may be about a key the latest counts.
    ...{ maxLifetimeDays: 10, graceDays: 60 },
  });
  const { enforcement } = succeeded(put).body;
  // With its new version the key ends before the grace does, so that nothing is found to be shortened.
  expect(await finished(enforcement)).toMatchObject({ shortened: 0 });
  succeeded(await root.post(`/v1/keys/${id}/rotation/cancel`));
  expect(await keyOf(id)).toMatchObject({ version: 1, expiresAt: enforcement.graceUntil });
  // The grace is this key's from now on: a change of something else with a shorter one does not end it sooner.
  expect(await finished(enforcement)).toMatchObject({ shortened: 1 });
  const { data } = (await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}`)).body;
  expect(data[0]).toMatchObject({
    ...{ action: "rotation.cancelled", before: { expiresAt: shortly }, after: { expiresAt: enforcement.graceUntil } },
  });
});

test("a secret is not drawn out beyond its policy by rotating, giving a later expiry, and cancelling", async () => {
  const { id: account } = await makeAccount(root);
  const { id } = await issueKey(root, account, { expiresInDays: 5 });
  const { expiresAt } = await keyOf(id);
  succeeded(await root.put(`/v1/keys/${id}/policy`, { maxLifetimeDays: 8 }));
  // As if it had been issued four days ago.
  await asPlatform(stage.app.database, async (node) => {
    await node.query("BEGIN");
    await node.query("SELECT set_config('claviger.change_seq', '0', true)");
    await node.query("UPDATE key_version SET created_at = created_at - interval '4 days' WHERE key_id = $1", [id]);
    await node.query("COMMIT");
  });
  succeeded(await root.post(`/v1/keys/${id}/rotate`));
  succeeded(await root.patch(`/v1/keys/${id}`, { expiresInDays: 7 }));
  succeeded(await root.post(`/v1/keys/${id}/rotation/cancel`));
  expect(await keyOf(id)).toMatchObject({ version: 1, expiresAt });
});

test("management keys are ended by no policy, and no grace is shorter than a day", async () => {
  const { id } = await issueManagementKey(root, ["claviger:keys:read"]);
  const put = (body: object) => root.put<Problem & { enforcement: unknown }>("/v1/policies/management", body);
  expect(succeeded(await put({ maxLifetimeDays: 1 })).body.enforcement).toBeNull();
  succeeded(await put({}));
  expect((await keyOf(id)).expiresAt).toBeNull();
  expect((await put({ graceDays: 0 })).body.errors).toMatchObject([{ path: "graceDays" }]);
});

test("whoever asks has one preview at a time, and two are under way on a node; what is beyond is refused", async () => {
  const scopes = ["claviger:policies:read"];
  const [one, two, three] = await Promise.all(
    [1, 2, 3].map(async () => client(stage.app.url, (await issueManagementKey(root, scopes)).secret)),
  );
  if (one === undefined || two === undefined || three === undefined) throw new TypeError("three were made");
  const ask = (api: Api) => api.post<Preview & Problem>("/v1/policies/preview", { policy: { name: "default" } });
  // So that none of them has to be looked up while the table is kept.
  for (const api of [one, two, three]) succeeded(await ask(api));
  const keeper = new pg.Client(stage.app.database.owner);
  await keeper.connect();
  await keeper.query("BEGIN");
  await keeper.query("LOCK TABLE claviger.policy IN ACCESS EXCLUSIVE MODE");
  const waiting = (count: number) =>
    waitFor(async () => {
      const { rowCount } = await keeper.query(`SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.relation = 'claviger.policy'::regclass AND NOT l.granted`);
      return rowCount === count;
    });
  const first = ask(one);
  await waiting(1);
  const again = await ask(one);
  expect(again).toMatchObject({ status: 429, body: { code: "TOO_MANY_ATTEMPTS" } });
  expect(again.headers.get("retry-after")).toMatch(/^\d+$/);
  const second = ask(two);
  await waiting(2);
  const refused = await ask(three);
  expect(refused).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
  expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
  await keeper.query("ROLLBACK");
  await keeper.end();
  for (const { status } of await Promise.all([first, second])) expect(status).toBe(200);
  for (const api of [one, two, three]) succeeded(await ask(api));
});

test("a preview is asked for by who may see policies, and from the command line", async () => {
  const { name } = await makeWorld(1);
  const { secret } = await issueManagementKey(root, ["claviger:keys:read"]);
  const change = { policy: { name, maxLifetimeDays: 30, requiredFields: ["owner"] }, limit: 1 };
  const refused = await client(stage.app.url, secret).post("/v1/policies/preview", change);
  expect(refused.status).toBe(403);
  // Who may see policies and no keys is told how many, and not which.
  const ofKeys = async (...scopes: string[]) => {
    const { secret: own } = await issueManagementKey(root, ["claviger:policies:read", ...scopes]);
    return succeeded(await client(stage.app.url, own).post<Preview>("/v1/policies/preview", change)).body;
  };
  expect(await ofKeys()).toMatchObject({ counts: { ending: 1 }, data: [], nextCursor: null });
  expect((await ofKeys("claviger:keys:read")).data).toHaveLength(1);
  expect((await root.post<Problem>("/v1/policies/preview", {})).body.errors).toMatchObject([{ path: "policy" }]);
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const words = ["--policy", JSON.stringify({ name, maxLifetimeDays: 30 }), "--json"];
  const { code, stdout } = await startCommand(["policies", "preview", ...words], env).finished;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { ending: 1 } });
});
