/** The database goes away and comes back, by a cut and by silence: within the lease answers go on, after it nothing is accepted. */
import { systemClock } from "@claviger/server";
import {
  type Api,
  externalSettings,
  type FaultyProxy,
  issueKey,
  type MadeAccount,
  makeAccount,
  makeScopes,
  proxyTo,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
  urlOf,
  waitFor,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { client, type Problem, type Verdict } from "../support/client.ts";
import { parseExposition } from "../support/exposition.ts";

const TERM_MS = 2_000;

let database: TestDatabase;
let proxy: FaultyProxy;
let service: Service;
let account: MadeAccount;
let root: Api;

beforeAll(async () => {
  database = await testDatabase();
  proxy = await proxyTo(database.node);
  const env = {
    ...externalSettings(database),
    DATABASE_URL: urlOf(proxy.connection),
    CLAVIGER_LEASE_MS: String(TERM_MS),
  };
  service = await startService({ env });
  root = client(service.url, service.managementKey);
  await makeScopes(root);
  account = await makeAccount(root);
});
afterAll(async () => {
  await service.stop();
  await proxy.close();
  await database.drop();
});

/** A second healing would double what passes, so it is done where it is due. */
let failing = false;
function heal(): void {
  if (failing) proxy.heal();
  failing = false;
}
afterEach(heal);

const ask = (key: string) => root.post<Verdict & Problem>("/v1/verify", { key, environment: "live" });

/** Verifications that the service counted with this code. */
async function counted(code: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const samples = parseExposition(text).get("claviger_verifications_total")?.samples ?? [];
  return samples.find(({ labels }) => labels.code === code)?.value ?? 0;
}

describe.each([
  ["is cut off", "cut"],
  ["falls silent", "freeze"],
] as const)("when the database %s", (_, how) => {
  const fail = (): void => {
    proxy[how]();
    failing = true;
  };

  test("known keys are answered within the lease, nothing is accepted after it, and all recovers by itself", async () => {
    const { id, secret } = await issueKey(root, account.id);
    expect((await ask(secret)).body.code).toBe("VALID");
    fail();
    const failed = systemClock.mono();
    const accepted: number[] = [];
    const first = await waitFor(
      async () => {
        const started = systemClock.mono();
        const answer = await ask(secret);
        if (answer.body.code !== "VALID") return answer;
        accepted.push(started - failed);
        return null;
      },
      { timeoutMs: 3 * TERM_MS, what: "the end of the lease" },
    );
    expect(first.body).toMatchObject({ code: "UNAVAILABLE" });
    expect(accepted.length).toBeGreaterThan(10);
    expect(Math.max(...accepted)).toBeLessThanOrEqual(TERM_MS);
    for (const key of [secret, "garbage"]) expect((await ask(key)).body).toMatchObject({ code: "UNAVAILABLE" });
    expect((await root.get<Problem>("/readyz")).body).toMatchObject({ status: 503, ready: false, lease: false });
    expect((await root.get("/healthz")).status).toBe(200);
    for (const refused of [
      await root.get<Problem>("/v1/keys"),
      await root.post<Problem>(`/v1/keys/${id}/revoke`, { reason: "leaked" }),
    ]) {
      expect(refused.body).toMatchObject({ status: 503, code: "UNAVAILABLE" });
      expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    }
    heal();
    await waitFor(async () => (await root.get("/readyz")).status === 200, { timeoutMs: 15_000, what: "recovery" });
    expect((await ask(secret)).body.code).toBe("VALID");
    expect((await root.get(`/v1/keys/${id}`)).status).toBe(200);
    const revoked = await root.post<{ effective: object }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
    expect(revoked.body.effective).toMatchObject({ everywhere: true });
    expect((await ask(secret)).body.code).toBe("REVOKED");
  });

  test("without a lease /v1/verify still answers 200 with the code UNAVAILABLE, as for every other refusal", async () => {
    const { secret } = await issueKey(root, account.id);
    expect((await ask(secret)).status).toBe(200);
    fail();
    const answer = await waitFor(async () => {
      const asked = await ask(secret);
      return asked.body.code === "VALID" ? null : asked;
    });
    heal();
    await waitFor(async () => (await root.get("/readyz")).status === 200, { timeoutMs: 15_000, what: "recovery" });
    expect([answer.status, answer.body]).toEqual([200, { valid: false, code: "UNAVAILABLE" }]);
  });

  test("each verification refused for want of a lease is counted by its code, whichever way it was asked, a batch as one", async () => {
    const { secret } = await issueKey(root, account.id);
    expect((await ask(secret)).body.code).toBe("VALID");
    fail();
    await waitFor(async () => (await ask(secret)).body.code === "UNAVAILABLE", { what: "the end of the lease" });
    const before = await counted("UNAVAILABLE");
    const check = { key: secret, environment: "live" };
    const proxied = { "claviger-credential": service.managementKey, "x-api-key": secret };
    for (let time = 0; time < 3; time += 1) await ask(secret);
    expect((await root.post("/v1/verify/batch", { checks: [check, check] })).status).toBe(503);
    const authorize = await fetch(`${service.url}/v1/authorize?environment=live`, { headers: proxied });
    expect(authorize.status).toBe(503);
    expect((await counted("UNAVAILABLE")) - before).toBe(5);
    heal();
    await waitFor(async () => (await root.get("/readyz")).status === 200, { timeoutMs: 15_000, what: "recovery" });
    const valid = await counted("VALID");
    expect((await ask(secret)).body.code).toBe("VALID");
    expect((await counted("VALID")) - valid).toBe(1);
  });

  test("a key that memory does not hold is refused, not accepted, and management answers 503, both within seconds", async () => {
    const { id, secret } = await issueKey(root, account.id);
    fail();
    const answers: string[] = [];
    const asked = [ask(secret), root.get<Problem>("/v1/keys")].map(async (call) => {
      const { status, body } = await call;
      answers.push(`${status === 503 ? 503 : body.code}`);
    });
    await waitFor(() => answers.length === 2, { timeoutMs: 12_000, what: "two answers" });
    await Promise.all(asked);
    for (const answer of answers) expect(["503", "UNAVAILABLE"]).toContain(answer);
    heal();
    await waitFor(async () => (await root.get("/readyz")).status === 200, { timeoutMs: 15_000, what: "recovery" });
    expect((await ask(secret)).body.code).toBe("VALID");
    expect((await root.get(`/v1/keys/${id}`)).status).toBe(200);
  });
});

test("no line that the service wrote meanwhile shows a password or a key", () => {
  for (const secret of [service.managementKey, String(database.node.password), String(database.owner.password)]) {
    const lines = service
      .output()
      .split("\n")
      .filter((line) => !line.startsWith("management key"));
    expect(lines.join("\n")).not.toContain(secret);
  }
});

test("asked to end while the database is silent, it ends within fifteen seconds", async () => {
  proxy.freeze();
  const asked = systemClock.mono();
  await service.stop();
  expect(systemClock.mono() - asked).toBeLessThan(15_000);
});
