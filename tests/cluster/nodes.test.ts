/** Two real processes on one database: what was taken away on one is refused by the other (C4; design: coherence). */
import { hostname } from "node:os";
import { systemClock } from "@claviger/server";
import {
  type Api,
  issueKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM } from "../../packages/server/src/db/index.ts";
import { client, type Effective, type Verdict } from "../support/client.ts";
import { hammer, lateAccepts } from "../support/history.ts";

const TERM_MS = 2_000;
/** What a dead node may cost a revocation: the term, the drift of clocks, and the look that finds it. */
const LONGEST_MS = TERM_MS * 1.25;

let database: TestDatabase;
let a: Service;
let b: Service;
let account: MadeAccount;
let credential = "";

const on = (service: Service): Api => client(service.url, credential);
const nameOf = (service: Service): string => `${hostname()}:${service.pid}`;
const start = () => startService({ database, env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });

beforeAll(async () => {
  database = await testDatabase();
  a = await start();
  credential = a.managementKey;
  b = await start();
  await makeScopes(on(a));
  account = await makeAccount(on(a));
});
afterAll(async () => {
  await b.stop();
  await a.stop();
  await database.drop();
});

const question = (key: string) => ({ key, environment: "live", method: "GET", path: "/contacts" });
const verify = async (service: Service, key: string) =>
  (await on(service).post<Verdict>("/v1/verify", question(key))).body.code;

async function revoke(service: Service, id: string): Promise<{ effective: Effective; returned: number }> {
  const answer = await on(service).post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  return { effective: succeeded(answer).body.effective, returned: systemClock.mono() };
}

test("the second node makes no management key of its own, and knows the first one's", async () => {
  expect(b.managementKey).toBe("");
  expect((await on(b).get("/v1/keys")).status).toBe(200);
});

test("a key issued on one node is accepted by the other on the very next request", async () => {
  for (const [here, there] of [
    [a, b],
    [b, a],
  ] as const) {
    const { secret } = await issueKey(on(here), account.id);
    expect(await verify(there, secret)).toBe("VALID");
  }
});

describe("no verification that starts after the act has returned accepts the key, on either node", () => {
  test.each([
    ["revoke", (api: Api, id: string) => api.post(`/v1/keys/${id}/revoke`, { reason: "leaked" }), "REVOKED"],
    ["suspend", (api: Api, id: string) => api.post(`/v1/keys/${id}/suspend`, { reason: "x" }), "SUSPENDED"],
    [
      "narrowed scopes",
      (api: Api, id: string) => api.patch(`/v1/keys/${id}`, { scopes: ["contacts:write"] }),
      "INSUFFICIENT_SCOPE",
    ],
    [
      "a first address",
      (api: Api, id: string) => api.patch(`/v1/keys/${id}`, { allowedIps: ["192.0.2.1"] }),
      "IP_NOT_ALLOWED",
    ],
    [
      "suspended account",
      (api: Api) => api.post(`/v1/accounts/${account.id}/suspend`, { reason: "x" }),
      "ACCOUNT_SUSPENDED",
    ],
    [
      "a scope made sensitive",
      (api: Api) => api.put("/v1/scopes/contacts:read", { description: "x", tier: "read" }),
      "ROUTE_NOT_MAPPED",
    ],
  ])("%s", async (name, act, code) => {
    const { id, secret } = await issueKey(on(a), account.id);
    const running = hammer([on(b), on(a)], 25, question(secret));
    await waitFor(() => [0, 1].every((node) => running.seen.filter((each) => each.node === node).length > 100));
    succeeded(await act(on(a), id));
    const returned = systemClock.mono();
    const seen = await running.stop(4);
    expect(lateAccepts(seen, returned)).toEqual([]);
    const before = seen.filter(({ ended }) => ended < returned);
    expect(before.filter((each) => each.code === "VALID").length, "accepts before").toBeGreaterThan(200);
    for (const node of [0, 1]) {
      const after = seen.filter((each) => each.node === node && each.started > returned);
      expect(after.length).toBeGreaterThanOrEqual(75);
      expect(new Set(after.map((each) => each.code))).toEqual(new Set([code]));
    }
    if (name === "suspended account") succeeded(await on(a).post(`/v1/accounts/${account.id}/resume`));
  });

  test("forty keys revoked from both nodes at once, each verified on the other the moment its call returns", async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, () => issueKey(on(a), account.id)));
    for (const { secret } of keys) await Promise.all([verify(a, secret), verify(b, secret)]);
    const codes = await Promise.all(
      keys.map(async ({ id, secret }, index) => {
        const [here, there] = index % 2 === 0 ? [a, b] : [b, a];
        const { effective } = await revoke(here, id);
        expect(effective).toMatchObject({ everywhere: true, nodes: 2, lapsed: [] });
        return verify(there, secret);
      }),
    );
    expect(new Set(codes)).toEqual(new Set(["REVOKED"]));
  });
});

test("what was widened on one node is soon seen by the other, without anybody waiting", async () => {
  await makeScopes(on(a));
  const { id, secret } = await issueKey(on(a), account.id, { scopes: ["contacts:write"] });
  expect(await verify(b, secret)).toBe("INSUFFICIENT_SCOPE");
  const widened = await on(a).patch<{ effective: null }>(`/v1/keys/${id}`, {
    scopes: ["contacts:write", "contacts:read"],
  });
  expect(widened.body.effective).toBeNull();
  await waitFor(async () => (await verify(b, secret)) === "VALID");
});

describe("a node that is frozen", () => {
  test("costs a revocation no more than its lease, is named, and refuses from its first answer when it goes on", async () => {
    const { id, secret } = await issueKey(on(a), account.id);
    expect(await verify(b, secret)).toBe("VALID");
    b.signal("SIGSTOP");
    const began = systemClock.mono();
    const { effective, returned } = await revoke(a, id);
    expect(returned - began).toBeLessThanOrEqual(LONGEST_MS);
    expect(effective).toMatchObject({ everywhere: true, lapsed: [nameOf(b)] });
    expect(effective.waitedMs).toBeGreaterThan(TERM_MS / 2);
    // These wait in its socket until it wakes, with a memory that still holds the key.
    const waiting = Array.from({ length: 20 }, async () => {
      const answer = await on(b).post<Verdict>("/v1/verify", question(secret));
      return answer.status === 200 ? answer.body.code : String(answer.status);
    });
    b.signal("SIGCONT");
    for (const code of await Promise.all(waiting)) expect(["UNAVAILABLE", "REVOKED", "503"]).toContain(code);
    await waitFor(async () => (await on(b).get("/readyz")).status === 200);
    expect(await verify(b, secret)).toBe("REVOKED");
    const next = await issueKey(on(b), account.id);
    expect(await verify(a, next.secret)).toBe("VALID");
    expect((await revoke(a, next.id)).effective).toMatchObject({ nodes: 2, lapsed: [] });
  });

  test("that is not asked about anything comes back without a word", async () => {
    const { secret } = await issueKey(on(a), account.id);
    expect(await verify(b, secret)).toBe("VALID");
    b.signal("SIGSTOP");
    const other = await issueKey(on(a), account.id);
    b.signal("SIGCONT");
    await waitFor(async () => (await verify(b, other.secret)) === "VALID");
    expect(await verify(b, secret)).toBe("VALID");
  });
});

describe("a node that is killed", () => {
  test("costs one revocation its lease and the next nothing; another start of it joins as a new one", async () => {
    const keys = [
      await issueKey(on(a), account.id),
      await issueKey(on(a), account.id),
      await issueKey(on(a), account.id),
    ] as const;
    for (const { secret } of keys) await verify(b, secret);
    const killed = nameOf(b);
    await b.kill9();
    const first = await revoke(a, keys[0].id);
    expect(first.effective).toMatchObject({ everywhere: true, lapsed: [killed] });
    expect(first.effective.waitedMs).toBeLessThanOrEqual(LONGEST_MS);
    const second = await revoke(a, keys[1].id);
    expect(second.effective).toMatchObject({ nodes: 1, lapsed: [] });
    expect(second.effective.waitedMs).toBeLessThan(TERM_MS / 2);
    await b.restart();
    expect(await Promise.all(keys.map(({ secret }) => verify(b, secret)))).toEqual(["REVOKED", "REVOKED", "VALID"]);
    expect((await revoke(b, keys[2].id)).effective).toMatchObject({ nodes: 2, lapsed: [] });
  });

  test("while it revokes: the act is done or not done, and repeating it on another node settles it", async () => {
    const { id, secret } = await issueKey(on(a), account.id);
    await verify(a, secret);
    const pending = revoke(b, id).catch(() => null);
    await b.kill9();
    await pending;
    const { effective } = await revoke(a, id);
    expect(effective.everywhere).toBe(true);
    expect(await verify(a, secret)).toBe("REVOKED");
    const events = await on(a).get<{ data: { action: string }[] }>(`/v1/audit-events?target=${id}&action=key.revoked`);
    expect(events.body.data).toHaveLength(1);
    await b.restart();
  });
});

test("a node that is asked to end gives its lease back: nobody waits for it, and no request is cut", async () => {
  const { id, secret } = await issueKey(on(a), account.id);
  const running = hammer([on(a)], 4, question(secret));
  await waitFor(() => running.seen.length > 20);
  await b.restart();
  const { effective, returned } = await revoke(b, id);
  expect(effective).toMatchObject({ nodes: 2, lapsed: [] });
  const seen = await running.stop(2);
  expect(lateAccepts(seen, returned)).toEqual([]);
  expect(new Set(seen.map(({ code }) => code))).toEqual(new Set(["VALID", "REVOKED"]));
});

test("of nodes that end, the overview misses those that were killed, and none that had handed over", async () => {
  interface Recorded {
    readonly until: string;
    readonly lost: { readonly paths: readonly { path: string; requests: number | null; times: number }[] };
  }
  const recorded = async () => (await on(a).get<{ recorded: Recorded }>("/v1/overview")).body.recorded;
  const senders = () =>
    database.database.transaction(PLATFORM, async (tx) => {
      const { rows } = await sql<{ id: string }>`SELECT id FROM usage_sender WHERE id = node`.execute(tx);
      return rows.map(({ id }) => id);
    });
  // Those that other tests killed are none of this one's.
  await database.database.transaction(PLATFORM, (tx) => sql`DELETE FROM usage_sender`.execute(tx));
  await waitFor(async () => (await senders()).length === 2, { timeoutMs: 15_000 });
  const before = await senders();
  await b.restart();
  const ended = await senders();
  expect(ended).toHaveLength(before.length);
  await b.kill9();
  await b.restart();
  const [killed] = ended.filter((id) => !before.includes(id));
  expect(await senders()).toEqual(expect.arrayContaining([killed]));
  const missed = async () => (await recorded()).lost.paths.find(({ path }) => path === "node-gone")?.times ?? 0;
  expect(await missed()).toBe(0);
  // As if it had told nothing for a while; the others go on.
  await database.database.transaction(PLATFORM, (tx) =>
    sql`UPDATE usage_sender SET told_at = told_at - interval '10 minutes' WHERE id = ${killed}`.execute(tx),
  );
  expect(await missed()).toBe(1);
  const { until, lost } = await recorded();
  expect(lost.paths).toContainEqual(expect.objectContaining({ path: "node-gone", requests: null }));
  expect(systemClock.wall() - Date.parse(until)).toBeLessThan(60_000);
});
