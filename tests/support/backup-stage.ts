/** What the tests of backups stand on: an installation with keys and much else, and empty ones to restore into. */
import { mkdtemp, rm } from "node:fs/promises";
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
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { addFiller } from "./filler.ts";

export const BACKUP_TIMEOUT_MS = 120_000;
/** Stands in the account's name and in the purpose of each key. */
export const CANARY = "Kanarienvogel";
const KEYS = 20;

export interface BackupStage {
  /** A folder for files, removed at the end. */
  readonly dir: string;
  readonly source: TestDatabase;
  readonly service: Service;
  readonly node: Api;
  /** Id of the account that has the keys. */
  readonly account: string;
  /** For commands on the installation. */
  readonly settings: Readonly<Record<string, string>>;
  readonly keys: MadeKey[];
}

export interface BackupTarget {
  readonly database: TestDatabase;
  readonly env: Readonly<Record<string, string>>;
  readonly dataDir: string;
}

/** Opens one before all tests of the file, with so many rows beside the keys, and returns where it is found. */
export function useBackupStage(fillerRows: number): () => BackupStage {
  let stage: BackupStage | undefined;
  const found = (): BackupStage => {
    if (stage === undefined) throw new TypeError("the stage is open during tests alone");
    return stage;
  };
  beforeAll(async () => {
    stage = await openStage(fillerRows);
  }, BACKUP_TIMEOUT_MS);
  afterAll(async () => {
    const { service, source, dir } = found();
    await service.stop();
    await source.drop();
    await rm(dir, { recursive: true, force: true });
  });
  return found;
}

async function openStage(fillerRows: number): Promise<BackupStage> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-backups-"));
  const source = await testDatabase();
  const service = await startService({ database: source });
  const node = api(service.url, service.managementKey);
  await makeScopes(node);
  const { id: account } = await makeAccount(node);
  await node.patch(`/v1/accounts/${account}`, { name: CANARY });
  await addFiller(source, account, fillerRows);
  const keys: MadeKey[] = [];
  for (let count = 0; count < KEYS; count += 1) keys.push(await issueKey(node, account, { purpose: CANARY }));
  return { dir, source, service, node, account, keys, settings: settingsFor(source, service.dataDir) };
}

/** An installation that was never started, and where it keeps its files; gone with the test. */
export async function emptyTarget(dir: string): Promise<BackupTarget> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const dataDir = await mkdtemp(join(dir, "target-"));
  return { database, dataDir, env: settingsFor(database, dataDir) };
}

/** Records of a backup that an unfinished restore has put in; null where none was begun. */
export async function stagedRecords(database: TestDatabase): Promise<number | null> {
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

function settingsFor(database: TestDatabase, dataDir: string): Record<string, string> {
  return {
    ...externalSettings(database),
    CLAVIGER_DATA_DIR: dataDir,
    CLAVIGER_BACKUP_KEY: Buffer.alloc(32, "the key of the backups").toString("base64"),
  };
}
