/** Three real nodes behind a load balancer are restarted one after the other, and nobody who calls notices (C4, J10). */
import { systemClock } from "@claviger/server";
import {
  type Api,
  api,
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
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Balancer, balance } from "../support/balancer.ts";
import { client, type Effective, type Problem } from "../support/client.ts";
import { hammer, lateAccepts } from "../support/history.ts";

const TERM_MS = 2_000;
const LOOK_MS = 40;
/** Some looks of the balancer long, as the guide says. */
const DRAIN_MS = 400;
const CALLERS = 6;

let database: TestDatabase;
let nodes: Service[];
let balancer: Balancer;
/** Through the balancer. */
let root: Api;
let managementKey: string;
let account: MadeAccount;

beforeAll(async () => {
  database = await testDatabase();
  const env = { CLAVIGER_LEASE_MS: String(TERM_MS), CLAVIGER_DRAIN_MS: String(DRAIN_MS) };
  nodes = [await startService({ database, env })];
  for (let more = 0; more < 2; more += 1) nodes.push(await startService({ database, env }));
  balancer = await balance(() => nodes.map(({ url }) => url), LOOK_MS);
  managementKey = nodes[0]?.managementKey ?? "";
  root = client(balancer.url, managementKey);
  await waitFor(() => nodes.every(({ url }) => balancer.sendsTo(url)));
  await makeScopes(root);
  account = await makeAccount(root);
}, 120_000);
afterAll(async () => {
  await balancer?.stop();
  await Promise.all((nodes ?? []).map((node) => node.stop()));
  await database?.drop();
});

const question = (key: string) => ({ key, environment: "live", method: "GET", path: "/contacts" });

/** Restarts one node after the other, each with the term of its place; the next only when the balancer sends to the last again. */
async function roll(terms: readonly number[]): Promise<void> {
  for (const [place, node] of nodes.entries()) {
    const before = node.url;
    await node.restart({ CLAVIGER_LEASE_MS: String(terms[place]) });
    expect(node.url).not.toBe(before);
    await waitFor(() => balancer.sendsTo(node.url), { timeoutMs: 10_000 });
  }
}

test("a node that is asked to stop says so at /readyz and goes on answering until its time is over", async () => {
  const [, , node] = nodes;
  if (node === undefined) throw new TypeError("there are three nodes");
  const { secret } = await issueKey(root, account.id);
  const drainMs = 3_000;
  await node.restart({ CLAVIGER_DRAIN_MS: String(drainMs) });
  const alone = client(node.url, managementKey);
  const asked = systemClock.mono();
  const restarted = node.restart();
  const told = await waitFor(async () => {
    const answer = await alone.get<Problem & { draining: boolean; lease: boolean; epoch: string }>("/readyz");
    // A request that came before the signal may be answered after it, on a connection that nobody told to close.
    return answer.status === 503 && answer.headers.get("connection") === "close" ? answer : null;
  });
  expect(systemClock.mono() - asked).toBeLessThan(drainMs);
  expect(told.body).toMatchObject({ code: "UNAVAILABLE", ready: false, draining: true, database: true, lease: true });
  const verdict = await alone.post("/v1/verify", question(secret));
  expect(verdict.body).toMatchObject({ valid: true });
  // The hot path tells its callers to go as well.
  expect(verdict.headers.get("connection")).toBe("close");
  expect((await alone.get("/healthz")).status).toBe(200);
  await restarted;
  expect(systemClock.mono() - asked).toBeGreaterThanOrEqual(drainMs);
  await waitFor(() => balancer.sendsTo(node.url));
});

describe("in a rolling restart", () => {
  test.each([
    ["with the settings as they are", [TERM_MS, TERM_MS, TERM_MS]],
    ["that makes the lease term longer on some and shorter on others", [3 * TERM_MS, TERM_MS / 2, 2 * TERM_MS]],
  ])(
    "%s, no valid request is refused and no revocation is late",
    async (_, terms) => {
      const lasting = await issueKey(root, account.id);
      const caller = api(balancer.url, managementKey);
      const running = hammer([caller], CALLERS, question(lasting.secret));
      const rolling = { over: false };
      const rolled = roll(terms).finally(() => {
        rolling.over = true;
      });
      const revoked: { effective: Effective; late: number; asked: number }[] = [];
      while (!rolling.over || revoked.length === 0) {
        const { id, secret } = await issueKey(root, account.id);
        const mortal = hammer([caller], 2, question(secret));
        await waitFor(() => mortal.seen.length >= 6);
        const answer = await root.post<{ effective: Effective }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
        const returned = systemClock.mono();
        const seen = await mortal.stop(4);
        const { effective } = succeeded(answer).body;
        revoked.push({ effective, late: lateAccepts(seen, returned).length, asked: seen.length });
        expect(new Set(seen.map(({ code }) => code))).toEqual(new Set(["VALID", "REVOKED"]));
      }
      await rolled;
      const seen = await running.stop(5);
      expect(new Set(seen.map(({ code }) => code))).toEqual(new Set(["VALID"]));
      expect(seen.length).toBeGreaterThan(300);
      expect(revoked.length).toBeGreaterThanOrEqual(5);
      // Whoever stops gives the lease back, so nobody is waited for in vain.
      expect(revoked.filter(({ effective, late }) => late > 0 || !effective.everywhere)).toEqual([]);
      expect(revoked.flatMap(({ effective }) => effective.lapsed)).toEqual([]);
    },
    120_000,
  );
});
