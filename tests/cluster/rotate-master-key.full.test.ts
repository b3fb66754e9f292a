import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Api,
  api,
  issueKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { verifyAll } from "../support/verification-load.ts";

const TIMEOUT_MS = 120_000;

let service: Service;
let node: Api;
let account: string;
let settings: Record<string, string>;
const keys: MadeKey[] = [];

beforeAll(async () => {
  service = await startService();
  node = api(service.url, service.managementKey);
  settings = { CLAVIGER_DATA_DIR: service.dataDir };
  await makeScopes(node);
  account = (await makeAccount(node)).id;
  for (let count = 0; count < 5; count += 1) keys.push(await issueKey(node, account));
});
afterAll(() => service.stop());

const file = (): string => join(service.dataDir, "master-key");
const masterKey = async (): Promise<string> => (await readFile(file(), "utf8")).trim();

async function restart(): Promise<void> {
  await service.restart();
  node = api(service.url, service.managementKey);
}

describe("the master key of a data directory is replaced in one step (security 3)", () => {
  test(
    "cut off before or after the file was written, it leaves an installation that starts, and the next run ends it",
    async () => {
      const old = await masterKey();
      const next = Buffer.alloc(32, "the key of the next step").toString("base64");
      // The first step alone, which is what the two-step way does on the same database.
      await runCommand(["rotate-master-key"], { ...settings, CLAVIGER_MASTER_KEY: old, CLAVIGER_NEW_MASTER_KEY: next });
      await restart();
      expect(await verifyAll([node], keys)).toEqual([]);
      await writeFile(file(), `${next}\n`);
      await restart();
      expect(await verifyAll([node], keys)).toEqual([]);
      await runCommand(["rotate-master-key"], settings);
      expect(await masterKey()).toBe(next);
      await restart();
      expect(await verifyAll([node], keys)).toEqual([]);
      const { stdout } = await runCommand(["audit", "verify"], settings);
      expect(stdout).toMatch(/^ok: /);
    },
    TIMEOUT_MS,
  );
});
