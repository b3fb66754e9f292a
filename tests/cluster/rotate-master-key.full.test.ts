import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { useMasterKeyStage } from "../support/master-key-stage.ts";
import { verifyAll } from "../support/verification-load.ts";

const TIMEOUT_MS = 120_000;

const openStage = useMasterKeyStage();

describe("the master key of a data directory is replaced in one step (security 3)", () => {
  test(
    "cut off before or after the file was written, it leaves an installation that starts, and the next run ends it",
    async () => {
      const stage = openStage();
      const old = await stage.masterKey();
      const next = Buffer.alloc(32, "the key of the next step").toString("base64");
      // The first step alone, which is what the two-step way does on the same database.
      await runCommand(["rotate-master-key"], {
        ...stage.settings,
        CLAVIGER_MASTER_KEY: old,
        CLAVIGER_NEW_MASTER_KEY: next,
      });
      await stage.service.restart();
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);
      await writeFile(stage.file, `${next}\n`);
      await stage.service.restart();
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);
      await runCommand(["rotate-master-key"], stage.settings);
      expect(await stage.masterKey()).toBe(next);
      await stage.service.restart();
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);
      const { stdout } = await runCommand(["audit", "verify"], stage.settings);
      expect(stdout).toMatch(/^ok: /);
    },
    TIMEOUT_MS,
  );
});
