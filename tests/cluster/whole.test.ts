/**
 * All of it at once: three nodes, eight programs that verify in their own processes, a Redis that divides limits, and a PostgreSQL
 * with a synchronous standby that takes over (C4, C6). No verification that starts after an act has returned accepts what it took away,
 * no act that was answered is lost, and no limit is exceeded.
 */
import {
  issueKey,
  type RedisServer,
  type ReplicatedPostgres,
  redisServer,
  replicatedPostgres,
  type TestDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effective } from "../support/client.ts";
import { replicatedDatabase } from "../support/replicated-database.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
const VERIFIERS = 8;
const AMOUNT = 40;

let postgres: ReplicatedPostgres;
let database: TestDatabase;
let redis: RedisServer;
let cluster: VerifierCluster;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([replicatedPostgres(), redisServer({ append: "everysec" })]);
  await postgres.setSynchronous(true);
  database = replicatedDatabase(postgres);
  cluster = new VerifierCluster({ database, termMs: TERM_MS, nodes: 3, env: { REDIS_URL: redis.url } });
  await cluster.start();
  const urls = cluster.nodes.map(({ url }) => url);
  for (let index = 0; index < VERIFIERS; index += 1) {
    await cluster.addVerifier([...urls.slice(index % 3), ...urls.slice(0, index % 3)]);
  }
}, 180_000);
afterAll(async () => {
  await cluster.stop();
  await redis.stop();
  await database.drop();
  await postgres.stop();
}, 60_000);

/** Revokes, again and again while it is not vouched for. */
async function revokeForSure(key: { readonly id: string; readonly secret: string }, via: number): Promise<Effective> {
  const effective = await waitFor(
    async () => {
      const path = `/v1/keys/${key.id}/revoke`;
      const { status, body } = await cluster.on(via).post<{ effective: Effective }>(path, { reason: "leaked" });
      return status === 200 ? body.effective : null;
    },
    { timeoutMs: 40_000, what: "a revocation that is vouched for" },
  );
  cluster.ended(key.secret);
  return effective;
}

test("an act is durable on the standby and in force in all of them when it returns", async () => {
  const keys = await cluster.hammer(3);
  for (const [index, key] of keys.entries()) {
    const effective = await cluster.revoke(key, index);
    expect(effective).toMatchObject({ everywhere: true, nodes: 3, verifiers: VERIFIERS, lapsed: [] });
  }
  await cluster.judge();
}, 60_000);

test("a limit that all of them spend at once, while a node is killed, is never exceeded", async () => {
  const limited = await issueKey(cluster.on(0), cluster.account.id, {
    limits: [{ name: "hourly", amount: AMOUNT, per: "hour" }],
  });
  await Promise.all(cluster.verifiers.map((verifier) => verifier.ask({ do: "add", keys: [limited.secret] })));
  const seen = async (): Promise<{ accepted: number; refused: number }> => {
    const reports = await Promise.all(cluster.verifiers.map((verifier) => verifier.ask({ do: "report" })));
    const of = reports.flatMap(({ keys }) => keys[limited.secret] ?? []);
    return {
      accepted: of.reduce((sum, { accepted }) => sum + accepted, 0),
      refused: of.reduce((sum, { codes }) => sum + (codes.RATE_LIMITED ?? 0), 0),
    };
  };
  await waitFor(async () => (await seen()).accepted > 0, { timeoutMs: 20_000 });
  await cluster.node(2).kill9();
  await cluster.node(2).restart();
  const { refused } = await seen();
  await waitFor(async () => (await seen()).refused > refused + 50, {
    timeoutMs: 20_000,
    what: "the limit to be reached",
  });
  const { accepted } = await seen();
  expect(accepted).toBeGreaterThan(AMOUNT / 4);
  expect(accepted).toBeLessThanOrEqual(AMOUNT);
}, 90_000);

test("the primary is killed and comes back: no accept is late, and valid keys are accepted again", async () => {
  const [dead, alive, next] = await cluster.hammer(3);
  if (dead === undefined || alive === undefined || next === undefined) throw new TypeError("no keys");
  await cluster.revoke(dead, 1);
  await postgres.restartPrimary();
  await revokeForSure(next, 0);
  await cluster.acceptedEverywhere([alive.secret]);
  await cluster.judge();
}, 90_000);

test("the standby takes over: no act that was answered is lost, and no accept is late", async () => {
  const [dead, alive, next] = await cluster.hammer(3);
  if (dead === undefined || alive === undefined || next === undefined) throw new TypeError("no keys");
  await cluster.revoke(dead, 1);
  // Its commits would wait for a standby that is gone; the operator who promotes it says that there is none.
  await postgres.setSynchronous(false);
  await postgres.caughtUp();
  await postgres.failOver();
  await revokeForSure(next, 2);
  await cluster.acceptedEverywhere([alive.secret]);
  await cluster.judge();
  for (const index of [0, 1, 2]) {
    const status = await waitFor(
      async () => {
        const answer = await cluster.on(index).get<{ status: string }>(`/v1/keys/${dead.id}`);
        return answer.status === 200 ? answer.body.status : null;
      },
      { timeoutMs: 30_000, what: "the node to answer from the new primary" },
    );
    expect(status).toBe("revoked");
  }
}, 120_000);
