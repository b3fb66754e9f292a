/** Two nodes on a primary with a standby that takes over: what was confirmed stays so, and what was lost is not remembered (C4). */
import {
  type Api,
  issueKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  type ReplicatedPostgres,
  replicatedPostgres,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { client, type Effective, type Verdict } from "../support/client.ts";
import { replicatedDatabase } from "../support/replicated-database.ts";

const TERM_MS = 1_500;

let postgres: ReplicatedPostgres;
let database: TestDatabase;
let a: Service;
let b: Service;
let account: MadeAccount;
let credential = "";

const on = (service: Service): Api => client(service.url, credential);
const verify = async (service: Service, key: string): Promise<string> => {
  const question = { key, environment: "live", method: "GET", path: "/contacts" };
  return (await on(service).post<Verdict>("/v1/verify", question)).body.code;
};
/** Once the node gives verdicts again. */
const settled = (service: Service, key: string): Promise<string> =>
  waitFor(
    async () => {
      const code = await verify(service, key);
      return code === "UNAVAILABLE" ? null : code;
    },
    { timeoutMs: 30_000, what: "the nodes to follow the new primary" },
  );
const revoke = (service: Service, id: string) =>
  on(service).post<{ effective: Effective; code?: string }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });

beforeEach(async () => {
  postgres = await replicatedPostgres();
  database = replicatedDatabase(postgres);
  const start = () => startService({ database, env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
  a = await start();
  credential = a.managementKey;
  b = await start();
  await makeScopes(on(a));
  account = await makeAccount(on(a));
}, 120_000);
afterEach(async () => {
  await b.stop();
  await a.stop();
  await database.drop();
  await postgres.stop();
}, 60_000);

test("with a synchronous standby a failover loses no act that was answered, and takes nothing back", async () => {
  await postgres.setSynchronous(true);
  const [dead, alive] = [await issueKey(on(a), account.id), await issueKey(on(a), account.id)];
  for (const service of [a, b]) expect(await verify(service, dead.secret)).toBe("VALID");
  expect(succeeded(await revoke(a, dead.id)).body.effective.everywhere).toBe(true);
  // Its commits would wait for a standby that is gone; the operator who promotes it says that there is none.
  await postgres.setSynchronous(false);
  await postgres.caughtUp();
  await postgres.failOver();
  for (const service of [a, b]) {
    expect(await settled(service, dead.secret)).toBe("REVOKED");
    expect(await settled(service, alive.secret)).toBe("VALID");
  }
  // The first act on the new primary waits until leases of rows that it may have lost have ended.
  await waitFor(async () => (await revoke(b, alive.id)).body.effective?.everywhere === true, { timeoutMs: 30_000 });
  for (const service of [a, b]) expect(await verify(service, alive.secret)).toBe("REVOKED");
}, 120_000);

test("what an asynchronous failover lost is not remembered by any node", async () => {
  await postgres.caughtUp();
  postgres.replication.cut();
  const lost = await issueKey(on(a), account.id);
  for (const service of [a, b]) expect(await verify(service, lost.secret)).toBe("VALID");
  await postgres.failOver();
  // It was issued and accepted, and is in no database any more: nobody accepts it longer than the lease from before.
  for (const service of [a, b]) {
    await waitFor(async () => (await verify(service, lost.secret)) !== "VALID", { timeoutMs: TERM_MS });
    expect(await settled(service, lost.secret)).toBe("NOT_FOUND");
  }
}, 120_000);

test("an act that waits while the primary fails is answered 503 with its number, never with success", async () => {
  await postgres.caughtUp();
  postgres.replication.cut();
  const { id, secret } = await issueKey(on(a), account.id);
  expect(await verify(b, secret)).toBe("VALID");
  b.signal("SIGSTOP");
  const waiting = revoke(a, id);
  await waitFor(async () => {
    const events = await on(a).get<{ data: unknown[] }>(`/v1/audit-events?target=${id}&action=key.revoked`);
    return events.body.data?.length === 1;
  });
  await postgres.failOver();
  const answer = await waiting;
  expect(answer.status).toBe(503);
  expect(answer.body.code).toBe("BARRIER_UNCONFIRMED");
  b.signal("SIGCONT");
  // Nothing was promised, but a lease from before ends all the same.
  for (const service of [a, b]) {
    await waitFor(async () => (await verify(service, secret)) !== "VALID", { timeoutMs: TERM_MS });
    expect(await settled(service, secret)).toBe("NOT_FOUND");
  }
}, 120_000);
