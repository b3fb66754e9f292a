import { readFile, stat } from "node:fs/promises";
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
    "the running service goes on, also with what the keyring is given later; the next start finds the new one",
    async () => {
      const before = await masterKey();
      const { mode } = await stat(file());
      await runCommand(["rotate-master-key"], settings);
      expect(await masterKey()).not.toBe(before);
      expect((await stat(file())).mode).toBe(mode);
      await runCommand(["rotate-tag-key"], settings);
      await runCommand(["rotate-pepper"], settings);
      keys.push(await issueKey(node, account));
      expect(await verifyAll([node], keys)).toEqual([]);
      await restart();
      expect(await verifyAll([node], keys)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
