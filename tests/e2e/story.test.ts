import { issueKey, makeAccount, makeScopes, type Service, startService, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  type KeyResult,
  type Page,
  readAll,
  type Verdict,
} from "../support/client.ts";

let service: Service;

beforeAll(async () => {
  service = await startService({ env: { CLAVIGER_LEASE_MS: "1000" } });
});
afterAll(() => service.stop());

const root = () => client(service.url, service.managementKey);

async function verify(key: string): Promise<Verdict> {
  const question = { key, environment: "live", method: "GET", path: "/contacts/7" };
  return (await root().post<Verdict>("/v1/verify", question)).body;
}

test("the management key is printed once, and no later start prints it or makes another", async () => {
  expect(service.managementKey).toMatch(/^clv_mgmt_[0-9A-Za-z]{36}$/);
  const first = service.managementKey;
  await service.restart();
  expect(service.managementKey).toBe(first);
  expect(service.output().split(first)).toHaveLength(2);
  expect((await root().get("/v1/keys")).status).toBe(200);
});

test("a key is issued, verified, suspended, resumed and revoked, each in force on the very next request, through kill -9, and the audit trail tells it in order", async ({
  annotate,
}) => {
  await makeScopes(root());
  const account = await makeAccount(root());
  const { id, secret } = await issueKey(root(), account.id, { owner: account.members.owner, service: account.service });
  expect(await verify(secret)).toMatchObject({ valid: true, code: "VALID", checked: "route", keyId: id });

  const suspended = await root().post<KeyResult>(`/v1/keys/${id}/suspend`, { reason: "a question" });
  expect(await verify(secret)).toMatchObject({ valid: false, code: "SUSPENDED" });
  expect(suspended.body).toMatchObject({ key: { status: "suspended" }, effective: { everywhere: true, lapsed: [] } });

  await service.kill9();
  await service.restart();
  await annotate(`ready after a kill, on initialised data: ${service.readyMs} ms`);
  expect(await verify(secret)).toMatchObject({ valid: false, code: "SUSPENDED" });

  const resumed = await root().post<KeyResult>(`/v1/keys/${id}/resume`);
  expect(resumed.body).toMatchObject({ key: { status: "active" }, effective: null });
  expect(await verify(secret)).toMatchObject({ valid: true });

  const revoked = await root().post<KeyResult>(`/v1/keys/${id}/revoke`, { reason: "leaked", comment: "seen in a log" });
  expect(await verify(secret)).toMatchObject({ valid: false, code: "REVOKED", keyId: id });
  expect(revoked.body).toMatchObject({ key: { status: "revoked" }, effective: { everywhere: true } });
  // The lock on its own data directory tells the new process that the killed one is gone, so nobody waits for that one's lease.
  expect(revoked.body.effective).toMatchObject({ nodes: 1, lapsed: [] });

  await service.kill9();
  await service.restart();
  expect(await verify(secret)).toMatchObject({ valid: false, code: "REVOKED" });

  const events = await readAll<AuditEvent>(root(), `/v1/audit-events?target=${id}`, 2);
  const told = events.toReversed();
  expect(told.map(({ action }) => action)).toEqual(["key.created", "key.suspended", "key.resumed", "key.revoked"]);
  expect(told[0]).toMatchObject({
    account: account.id,
    target: { type: "key", id },
    after: { scopes: ["contacts:read"] },
  });
  expect(told[3]).toMatchObject({ before: { state: "active" }, after: { state: "revoked", reason: "leaked" } });
  const self = succeeded(await root().get<Key>("/v1/keys/self")).body;
  for (const event of told) expect(event.actor).toEqual({ type: "management-key", id: self.id });
  expect(new Set(told.map(({ source }) => source.requestId)).size).toBe(4);
  expect(told.map(({ source }) => source.ip)).toEqual(Array(4).fill("127.0.0.1"));
});

test("uses and refusals are shown on the key soon after, and survive a restart", async () => {
  const account = await makeAccount(root());
  const { id, secret } = await issueKey(root(), account.id);
  await verify(secret);
  await root().post(`/v1/keys/${id}/suspend`, { reason: "a question" });
  await verify(secret);
  await service.restart();
  const shown = await waitFor(async () => {
    const key = (await root().get<Key>(`/v1/keys/${id}`)).body;
    return key.requests30d === 2 ? key : null;
  });
  expect(shown).toMatchObject({ lastRefusedCode: "SUSPENDED" });
  expect(shown.lastUsedAt).not.toBeNull();
  expect(shown.lastRefusedAt).not.toBeNull();
  expect(shown.versions[0]).toMatchObject({ version: 1, lastUsedAt: shown.lastUsedAt });
});

test("a stop by SIGTERM gives the lease back, so that the next start waits for nobody", async () => {
  const before = await root().get<Page<Key>>("/v1/keys?limit=1");
  expect(before.status).toBe(200);
  await service.restart();
  const { id } = await issueKey(root(), (await makeAccount(root())).id);
  const revoked = await root().post<KeyResult>(`/v1/keys/${id}/revoke`, { reason: "unused" });
  expect(revoked.body.effective).toMatchObject({ nodes: 1, lapsed: [] });
});
