/** What a node tells those who run it: readiness, metrics, and who else is in the cluster. */
import { issueKey, startApp, succeeded, type TestApp } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { client, openStage, type Stage } from "../support/client.ts";

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
  ];
  const before = await counts();
  succeeded(await verify());
  succeeded(await stage.root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
  succeeded(await verify());
  succeeded(await verify());
  expect((await counts()).map((count, index) => count - (before[index] ?? 0))).toEqual([1, 2, 1]);
  expect(await metric("claviger_nodes")).toBe(2);
  expect(await metric("claviger_lease_seconds")).toBeGreaterThan(0);
  expect(await metric("claviger_lease_lapses_total")).toBe(0);
});
