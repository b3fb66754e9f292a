import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
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
  succeeded,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runCommand, startCommand } from "../support/command.ts";
import { digestTables, readOne } from "../support/compare-databases.ts";
import { addFiller } from "../support/filler.ts";
import { expectAuditHolds } from "../support/rotation-cluster.ts";
import { startLoad, verifyAll } from "../support/verification-load.ts";

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
  await addFiller(source, account, 8_000);
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

const size = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  );

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

describe("a backup, taken while the service runs, makes an installation on which every key is valid (J10)", () => {
  test(
    "under load, cut off by kill -9 while it is written and while it is restored, and gone on with",
    async () => {
      const file = join(dir, "under-load.backup");
      const load = startLoad([node], account, keys);
      const scopes = setInterval(() => {
        const [name, change] = [
          `load:n${Math.floor(load.count() / 20)}`,
          { description: `after ${load.count()}`, tier: "read" },
        ];
        void node.put(`/v1/scopes/${name}`, change).then(succeeded);
      }, 250);
      const killed = startCommand(["backup", "--to", file], settings);
      await waitFor(async () => (await size(`${file}.partial`)) > 150_000, { timeoutMs: 60_000 });
      await killed.kill9();
      const before = await size(`${file}.partial`);
      const refused = await startCommand(["backup", "--to", file], settings).finished;
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr).toContain("go on with --resume");
      const issuedBefore = [...load.issued];
      await runCommand(["backup", "--to", file, "--resume"], settings);
      expect(await size(file)).toBeGreaterThan(before);
      clearInterval(scopes);
      await load.stop();
      expect(load.refused).toEqual([]);
      await runCommand(["restore", "--check", "--from", file], settings);

      const target = await emptyTarget();
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
        const there = api(restored.url, service.managementKey);
        expect(await verifyAll([there], [...keys, ...issuedBefore])).toEqual([]);
        keys.push(await issueKey(there, account));
        expect(await verifyAll([there], keys.splice(-1))).toEqual([]);
        const clusterId = "SELECT id AS value FROM cluster";
        expect(await readOne(target.database, clusterId)).not.toBe(await readOne(source, clusterId));
      } finally {
        await restored.stop();
      }
    },
    TIMEOUT_MS,
  );

  test(
    "at rest: every table holds the same rows, and nothing of them can be read in the file",
    async () => {
      const file = join(dir, "at-rest.backup");
      const { stdout } = await runCommand(["backup", "--to", file, "--json"], settings);
      const made = JSON.parse(stdout) as { auditHead: { seq: number }; tables: Record<string, { rows: number }> };
      const target = await emptyTarget();
      await runCommand(["restore", "--from", file], target.env);
      const there = await digestTables(target.database, made.auditHead.seq);
      expect(there).toEqual(await digestTables(source, made.auditHead.seq));
      for (const [name, { rows }] of Object.entries(there))
        expect([name, made.tables[name]?.rows]).toEqual([name, rows]);

      const bytes = (await readFile(file)).toString("latin1");
      const digest = await readOne(source, "SELECT encode(digest, 'escape') AS value FROM key_version LIMIT 1");
      for (const secret of [CANARY, service.managementKey, keys[0]?.secret ?? "", digest, account, "api_key"]) {
        expect(bytes.includes(secret)).toBe(false);
      }
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    },
    TIMEOUT_MS,
  );
});
