/** What a node tells those who run it: readiness, metrics, and who else is in the cluster. */
import { hostname } from "node:os";
import { issueKey, issueManagementKey, startApp, succeeded, type TestApp, waitFor } from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, openStage, type Page, type Stage } from "../support/client.ts";

let stage: Stage;
let second: TestApp;
beforeAll(async () => {
  stage = await openStage();
  second = await startApp({ database: stage.app.database });
});
afterAll(async () => {
  await second.stop();
  await stage.app.stop();
});

interface Readiness {
  readonly leaseMsLeft: number;
}

test("readiness tells lease and lag, to anybody, and nothing secret", async () => {
  const { status, body, text } = await client(stage.app.url, null).get<Readiness>("/readyz");
  expect(status).toBe(200);
  expect(body).toMatchObject({ ready: true, database: true, lease: true, lag: 0, draining: false });
  expect(body.leaseMsLeft).toBeGreaterThan(0);
  expect(body.leaseMsLeft).toBeLessThanOrEqual(5_000);
  expect(text).not.toContain(stage.app.managementKey);
});

async function metric(name: string): Promise<number> {
  const { text } = await client(stage.app.url, null).get("/metrics");
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1) ?? Number.NaN);
}

test("metrics tell of the cluster, of acts that waited, and of verdicts by code", async () => {
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const verify = () => stage.root.post("/v1/verify", { key: secret, environment: "live" });
  const names = ["VALID", "REVOKED"].map((code) => `claviger_verifications_total{code="${code}"}`);
  const counts = async () => [
    ...(await Promise.all(names.map(metric))).map((count) => (Number.isNaN(count) ? 0 : count)),
    await metric("claviger_barrier_wait_seconds_count"),
    await metric("claviger_cache_misses_total"),
    await metric("claviger_cache_hits_total"),
  ];
  const before = await counts();
  succeeded(await verify());
  succeeded(await stage.root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
  succeeded(await verify());
  succeeded(await verify());
  // A key is read when it is first presented, and anew once it was changed.
  expect((await counts()).map((count, index) => count - (before[index] ?? 0))).toEqual([1, 2, 1, 2, 1]);
  expect(await metric("claviger_nodes")).toBe(2);
  expect(await metric("claviger_lease_seconds")).toBeGreaterThan(0);
  expect(await metric("claviger_lease_lapses_total")).toBe(0);
});

interface Listed {
  readonly name: string;
  readonly incarnation: string;
  readonly self: boolean;
  readonly software: string;
  readonly termMs: number;
  readonly leaseAgeMs: number | null;
  readonly ackedSeq: number;
  readonly lag: number;
}

test("each node is listed, as every node sees it, to who may see nodes", async () => {
  const { secret } = await issueManagementKey(stage.root, ["claviger:nodes:read"]);
  const lists = [stage.app, second].map(async ({ url }) => {
    // Both see each other at their next look.
    const seen = await waitFor(async () => {
      const { data } = (await client(url, secret).get<Page<Listed>>("/v1/nodes")).body;
      return data.every(({ leaseAgeMs, lag }) => leaseAgeMs !== null && lag === 0) ? data : null;
    });
    expect(seen).toHaveLength(2);
    expect(seen.map(({ name }) => name)).toEqual([1, 2].map(() => `${hostname()}:${process.pid}`));
    for (const { incarnation, termMs, leaseAgeMs, software } of seen) {
      expect(incarnation).toMatch(/^[0-9a-f]{8}$/);
      expect([termMs, software]).toEqual([5_000, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
      expect(leaseAgeMs).toBeLessThan(termMs);
    }
    return seen;
  });
  const [first, other] = await Promise.all(lists);
  expect(first?.map(({ self }) => self)).toEqual([true, false]);
  expect(other?.map(({ self }) => self)).toEqual([false, true]);
  expect(first?.map(({ incarnation }) => incarnation)).toEqual(other?.map(({ incarnation }) => incarnation));
});

test("a node that is dead is listed with what is known of it, until its lease has provably run out", async () => {
  const owner = new pg.Client(stage.app.database.owner);
  await owner.connect();
  try {
    await owner.query(
      `INSERT INTO claviger.node (incarnation, token, name, acked_seq, acked_epoch, term_ms, software, started_at, fenced, verifiers)
       VALUES (gen_random_uuid(), gen_random_uuid(), 'dead', 0, 'another', 2000, '0.0.9', '2020-01-01', true, 3)`,
    );
    const dead = async () =>
      (await stage.root.get<Page<Listed>>("/v1/nodes")).body.data.find(({ name }) => name === "dead");
    const aged = await waitFor(async () => {
      const found = await dead();
      return found !== undefined && (found.leaseAgeMs ?? 0) > 1_000 ? found : null;
    });
    expect(aged).toMatchObject({
      self: false,
      fenced: true,
      verifiers: 3,
      lag: null,
      termMs: 2_000,
      software: "0.0.9",
    });
    await waitFor(async () => (await dead()) === undefined);
  } finally {
    await owner.end();
  }
});
