import { stat } from "node:fs/promises";
import { issueKey } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { useMasterKeyStage } from "../support/master-key-stage.ts";
import { verifyAll } from "../support/verification-load.ts";

const TIMEOUT_MS = 120_000;

const openStage = useMasterKeyStage();

describe("the master key of a data directory is replaced in one step (security 3)", () => {
  test(
    "the running service goes on, also with what the keyring is given later; the next start finds the new one",
    async () => {
      const stage = openStage();
      const before = await stage.masterKey();
      const { mode } = await stat(stage.file);
      await runCommand(["rotate-master-key"], stage.settings);
      expect(await stage.masterKey()).not.toBe(before);
      expect((await stat(stage.file)).mode).toBe(mode);
      await runCommand(["rotate-tag-key"], stage.settings);
      await runCommand(["rotate-pepper"], stage.settings);
      stage.keys.push(await issueKey(stage.node, stage.account));
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);
      await stage.service.restart();
      expect(await verifyAll([stage.node], stage.keys)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
