import { issueKey, startService } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../support/command.ts";
import {
  countVersions,
  expectAuditHolds,
  type RotationCluster,
  startRotationCluster,
  underLoad,
} from "../support/rotation-cluster.ts";
import { verifyAll } from "../support/verification-load.ts";

const TIMEOUT_MS = 180_000;
const NEXT = Buffer.alloc(32, "the master key that comes next").toString("base64");

let cluster: RotationCluster;

beforeAll(async () => {
  cluster = await startRotationCluster(60_000);
}, TIMEOUT_MS);
afterAll(() => cluster.stop());

describe("the installation's own keys are rotated under load, and no key ends (security 3)", () => {
  test(
    "pepper: another one follows, so that rows are wrapped twice",
    async () => {
      await runCommand(["rotate-pepper"], cluster.settings);
      await underLoad(cluster, async () => {
        const { stdout } = await runCommand(["rotate-pepper", "--json"], cluster.settings);
        expect(JSON.parse(stdout)).toMatchObject({ version: 3, resumed: false });
      });
      expect(await countVersions(cluster, "pepper_version < 3")).toBe(0);
    },
    TIMEOUT_MS,
  );

  test(
    "master key: nodes start with either until the finish, which waits for all to have restarted, and then with the new one alone",
    async () => {
      const { settings } = cluster;
      const withNext = { ...settings, CLAVIGER_MASTER_KEY: NEXT };
      await underLoad(cluster, async () => {
        await runCommand(["rotate-master-key"], { ...settings, CLAVIGER_NEW_MASTER_KEY: NEXT });
        const tooEarly = await startCommand(["rotate-pepper"], settings).finished;
        expect(tooEarly).toMatchObject({ code: 1 });
        expect(tooEarly.stderr).toContain("rotate-master-key --finish");
        const withOld = await startCommand(["rotate-master-key", "--finish"], settings).finished;
        expect(withOld.stderr).toContain("CLAVIGER_MASTER_KEY: is still the old one");
      });
      for (const env of [settings, withNext]) {
        const [before] = cluster.services.splice(0, 1);
        await before?.stop();
        const service = await startService({ database: cluster.database, env });
        cluster.services.push(service);
        expect(await verifyAll(cluster.nodes(), cluster.keys)).toEqual([]);
        if (env !== settings) continue;
        const running = await startCommand(["rotate-master-key", "--finish"], withNext).finished;
        expect(running.stderr).toMatch(/these nodes have run since before the new master key was begun with: \S+:\d+;/);
      }
      await runCommand(["rotate-master-key", "--finish"], withNext);
      await expect(startService({ database: cluster.database, env: settings })).rejects.toThrow(
        "CLAVIGER_MASTER_KEY: does not open",
      );
      expect(await verifyAll(cluster.nodes(), cluster.keys)).toEqual([]);
      await expectAuditHolds(withNext);
    },
    TIMEOUT_MS,
  );

  test(
    "a node that cannot open a new version refuses what it cannot judge, is not ready, and does not crash",
    async () => {
      // The first service was started with the old master key, which opened the keyring then.
      const [old, fresh] = cluster.nodes();
      await runCommand(["rotate-tag-key"], { ...cluster.settings, CLAVIGER_MASTER_KEY: NEXT });
      if (old === undefined || fresh === undefined) throw new Error("two nodes are needed");
      const made = await issueKey(fresh, cluster.account);
      const body = { key: made.secret, environment: "live", scopes: ["contacts:read"] };
      expect((await old.post("/v1/verify", body)).body).toMatchObject({ valid: false, code: "UNAVAILABLE" });
      expect((await old.get("/readyz")).status).toBe(503);
      expect((await old.get("/healthz")).status).toBe(200);
      expect((await fresh.post("/v1/verify", body)).body).toMatchObject({ valid: true });
      expect((await fresh.get("/readyz")).status).toBe(200);
    },
    TIMEOUT_MS,
  );
});
