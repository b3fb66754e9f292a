import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BACKUP_TIMEOUT_MS, emptyTarget, stagedRecords, useBackupStage } from "../support/backup-stage.ts";
import { runCommand, startCommand } from "../support/command.ts";
import { readOne } from "../support/compare-databases.ts";
import { verifyAll } from "../support/verification-load.ts";

const openStage = useBackupStage(12_000);

describe("a backup that cannot be trusted, or has no place to go (J10)", () => {
  test(
    "what is cut short, altered, of another key, or meant for an installation that is in use is refused, and nothing is changed",
    async () => {
      const stage = openStage();
      const file = join(stage.dir, "refused.backup");
      await runCommand(["backup", "--to", file], stage.settings);
      const bytes = await readFile(file);
      const broken = join(stage.dir, "broken.backup");
      const target = await emptyTarget(stage.dir);
      const restore = (env = target.env, from = broken) => startCommand(["restore", "--from", from], env).finished;

      await writeFile(broken, bytes.subarray(0, bytes.length - 100));
      expect(await restore()).toMatchObject({ code: 1, stderr: "the backup is incomplete: its end is missing\n" });
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(50_000) ^ 1, 50_000);
      await writeFile(broken, flipped);
      expect((await restore()).stderr).toMatch(
        /^the backup is damaged: record \d+ is not the one that was written there\n$/,
      );
      const otherKey = { ...target.env, CLAVIGER_BACKUP_KEY: Buffer.alloc(32).toString("base64") };
      expect(await restore(otherKey, file)).toMatchObject({ code: 2 });
      const otherMaster = { ...target.env, CLAVIGER_MASTER_KEY: Buffer.alloc(32).toString("base64") };
      expect((await restore(otherMaster, file)).stderr).toContain("does not open the keyring of this backup");
      expect((await restore(stage.settings, file)).stderr).toContain("into an empty database or data directory only");
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);

      expect(await readOne(target.database, "SELECT count(*) AS value FROM account")).toBe("0");
      expect(await stagedRecords(target.database)).toBeNull();
      expect(await restore(target.env, file)).toMatchObject({ code: 0 });
    },
    BACKUP_TIMEOUT_MS,
  );
});
