import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { api, issueKey, startService, succeeded, waitFor } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { BACKUP_TIMEOUT_MS, CANARY, emptyTarget, stagedRecords, useBackupStage } from "../support/backup-stage.ts";
import { runCommand, startCommand } from "../support/command.ts";
import { DERIVED, digestTables, readOne } from "../support/compare-databases.ts";
import { expectAuditHolds } from "../support/rotation-cluster.ts";
import { startLoad, verifyAll } from "../support/verification-load.ts";

const openStage = useBackupStage(8_000);

const size = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  );

describe("a backup, taken while the service runs, makes an installation on which every key is valid (J10)", () => {
  test(
    "under load, cut off by kill -9 while it is written and while it is restored, and gone on with",
    async () => {
      const stage = openStage();
      const file = join(stage.dir, "under-load.backup");
      const load = startLoad([stage.node], stage.account, stage.keys);
      const scopes = setInterval(() => {
        const [name, change] = [
          `load:n${Math.floor(load.count() / 20)}`,
          { description: `after ${load.count()}`, tier: "read" },
        ];
        void stage.node.put(`/v1/scopes/${name}`, change).then(succeeded);
      }, 250);
      const killed = startCommand(["backup", "--to", file], stage.settings);
      await waitFor(async () => (await size(`${file}.partial`)) > 150_000, { timeoutMs: 60_000 });
      await killed.kill9();
      const before = await size(`${file}.partial`);
      const refused = await startCommand(["backup", "--to", file], stage.settings).finished;
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr).toContain("go on with --resume");
      const issuedBefore = [...load.issued];
      await runCommand(["backup", "--to", file, "--resume"], stage.settings);
      expect(await size(file)).toBeGreaterThan(before);
      clearInterval(scopes);
      await load.stop();
      expect(load.refused).toEqual([]);
      await runCommand(["restore", "--check", "--from", file], stage.settings);

      const target = await emptyTarget(stage.dir);
      const cut = startCommand(["restore", "--from", file], target.env);
      await waitFor(async () => ((await stagedRecords(target.database)) ?? 0) > 5, { timeoutMs: 60_000 });
      await cut.kill9();
      expect(await readOne(target.database, "SELECT count(*) AS value FROM account")).toBe("0");
      await runCommand(["restore", "--from", file, "--resume"], target.env);
      await expectAuditHolds(target.env);
      expect(await readOne(target.database, "SELECT action AS value FROM audit_event ORDER BY seq DESC LIMIT 1")).toBe(
        "installation.restored",
      );

      const restored = await startService({ database: target.database });
      try {
        const there = api(restored.url, stage.service.managementKey);
        expect(await verifyAll([there], [...stage.keys, ...issuedBefore])).toEqual([]);
        stage.keys.push(await issueKey(there, stage.account));
        expect(await verifyAll([there], stage.keys.splice(-1))).toEqual([]);
        const clusterId = "SELECT id AS value FROM cluster";
        expect(await readOne(target.database, clusterId)).not.toBe(await readOne(stage.source, clusterId));
      } finally {
        await restored.stop();
      }
    },
    BACKUP_TIMEOUT_MS,
  );

  test(
    "at rest: every table holds the same rows, and nothing of them can be read in the file",
    async () => {
      const stage = openStage();
      const file = join(stage.dir, "at-rest.backup");
      const { stdout } = await runCommand(["backup", "--to", file, "--json"], stage.settings);
      const made = JSON.parse(stdout) as { auditHead: { seq: number }; tables: Record<string, { rows: number }> };
      const target = await emptyTarget(stage.dir);
      await runCommand(["restore", "--from", file], target.env);
      const there = await digestTables(target.database, made.auditHead.seq);
      expect(there).toEqual(await digestTables(stage.source, made.auditHead.seq));
      for (const [name, { rows }] of Object.entries(there).filter(([table]) => !DERIVED.includes(table)))
        expect([name, made.tables[name]?.rows]).toEqual([name, rows]);

      const bytes = (await readFile(file)).toString("latin1");
      const digest = await readOne(stage.source, "SELECT encode(digest, 'escape') AS value FROM key_version LIMIT 1");
      for (const secret of [
        CANARY,
        stage.service.managementKey,
        stage.keys[0]?.secret ?? "",
        digest,
        stage.account,
        "api_key",
      ]) {
        expect(bytes.includes(secret)).toBe(false);
      }
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
    BACKUP_TIMEOUT_MS,
  );
});
