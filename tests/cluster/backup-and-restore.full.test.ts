import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Api,
  api,
  externalSettings,
  issueKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCommand, startCommand } from "../support/command.ts";
import { readOne } from "../support/compare-databases.ts";
import { addFiller } from "../support/filler.ts";
import { verifyAll } from "../support/verification-load.ts";

const TIMEOUT_MS = 120_000;
const CANARY = "Kanarienvogel";

let dir: string;
let source: TestDatabase;
let service: Service;
let node: Api;
let account: string;
let settings: Record<string, string>;
const keys: MadeKey[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-backups-"));
  source = await testDatabase();
  service = await startService({ database: source });
  node = api(service.url, service.managementKey);
  await makeScopes(node);
  account = (await makeAccount(node)).id;
  await node.patch(`/v1/accounts/${account}`, { name: CANARY });
  await addFiller(source, account, 12_000);
  for (let count = 0; count < 20; count += 1) keys.push(await issueKey(node, account, { purpose: CANARY }));
  settings = settingsFor(source, service.dataDir);
}, TIMEOUT_MS);
afterAll(async () => {
  await service.stop();
  await source.drop();
  await rm(dir, { recursive: true, force: true });
});

function settingsFor(database: TestDatabase, dataDir: string): Record<string, string> {
  return {
    ...externalSettings(database),
    CLAVIGER_DATA_DIR: dataDir,
    CLAVIGER_BACKUP_KEY: Buffer.alloc(32, "the key of the backups").toString("base64"),
  };
}

/** An installation that was never started, and where it keeps its files. */
async function emptyTarget(): Promise<{ database: TestDatabase; env: Record<string, string>; dataDir: string }> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const dataDir = await mkdtemp(join(dir, "target-"));
  return { database, dataDir, env: settingsFor(database, dataDir) };
}

/** Records of a backup that an unfinished restore has put in; null where none was begun. */
async function stagedRecords(database: TestDatabase): Promise<number | null> {
  const client = new pg.Client({ ...database.owner });
  await client.connect();
  try {
    const { rows: known } = await client.query("SELECT FROM pg_tables WHERE schemaname = 'claviger_restore' LIMIT 1");
    if (known.length === 0) return null;
    const { rows } = await client.query<{ records: string }>("SELECT records FROM claviger_restore.loading");
    return Number(rows[0]?.records);
  } finally {
    await client.end();
  }
}

describe("a backup that cannot be trusted, or has no place to go (J10)", () => {
  test(
    "what is cut short, altered, of another key, or meant for an installation that is in use is refused, and nothing is changed",
    async () => {
      const file = join(dir, "refused.backup");
      await runCommand(["backup", "--to", file], settings);
      const bytes = await readFile(file);
      const broken = join(dir, "broken.backup");
      const target = await emptyTarget();
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
      expect((await restore(settings, file)).stderr).toContain("into an empty database or data directory only");
      expect(await verifyAll([node], keys)).toEqual([]);

      expect(await readOne(target.database, "SELECT count(*) AS value FROM account")).toBe("0");
      expect(await stagedRecords(target.database)).toBeNull();
      expect(await restore(target.env, file)).toMatchObject({ code: 0 });
    },
    TIMEOUT_MS,
  );
});
