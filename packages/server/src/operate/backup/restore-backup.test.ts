import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  api,
  externalSettings,
  issueKey,
  makeAccount,
  makeScopes,
  startApp,
  type TestDatabase,
  testDatabase,
  uniqueSuffix,
} from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemRandom } from "../../kernel/random.ts";
import { verifyAudit } from "../verify-audit.ts";
import { fileSink, openBackup, openToWrite, partialOf, RecordWriter } from "./backup-file.ts";
import { TableProgress, takeIn } from "./copy-progress.ts";
import { type BackupOptions, createBackup } from "./create-backup.ts";
import { newEnvelope, START } from "./envelope.ts";
import { type About, compress, parseFrame, textOf } from "./frames.ts";
import { readBackup } from "./open-for-restore.ts";
import { restoreBackup } from "./restore-backup.ts";

const SECRET = { key: Buffer.alloc(32, 3).toString("base64"), passphrase: null };
const BROKEN = { code: "RESTORE_IMPOSSIBLE" };

let dir: string;
let source: TestDatabase;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-restores-"));
  source = await testDatabase();
  const app = await startApp({ database: source });
  const node = api(app.url, app.managementKey);
  await makeScopes(node);
  const { id } = await makeAccount(node);
  const keys: string[] = [];
  for (let made = 0; made < 3; made += 1) keys.push((await issueKey(node, id)).id);
  await source.database.transaction(PLATFORM, (tx) =>
    sql`INSERT INTO key_source (key_id, kind, value, account_id, first_seen, last_seen, accepted, refused)
      SELECT ${keys[0]}, kind, value, ${id}, now(), now(), 1, 0
      FROM (VALUES ('service', 'crm'), ('service', 'cron'), ('browser', 'yes')) v (kind, value)`.execute(tx),
  );
  await app.stop();
});
afterAll(async () => {
  await source.drop();
  await rm(dir, { recursive: true, force: true });
});

const place = (): string => {
  count += 1;
  return join(dir, `file-${count}`);
};

function operating(database: TestDatabase, dataDir = join(dir, String(database.node.database))) {
  return {
    environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: dataDir },
    workingDirectory: dir,
    operator: "tester",
  };
}

async function backup(options: Partial<BackupOptions> = {}): Promise<string> {
  const to = place();
  await createBackup({ ...operating(source), to, secret: SECRET, keyring: "with", resume: false, ...options });
  return to;
}

function restoring(from: string, database: TestDatabase, dataDir?: string) {
  return { ...operating(database, dataDir), from, keyringFrom: null, secret: SECRET, resume: false };
}

async function emptyInstallation(): Promise<TestDatabase> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function ask(database: TestDatabase, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...database.owner });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Those in a backup that there were not at migration 0005. */
const LATER_TABLES = [
  ...["endpoint", "key_outcome", "key_source", "stranger_hour", "usage_day", "usage_facet_day", "usage_facet_hour"],
  ...["usage_hour", "usage_total", "saved_view", "metering", "metering_period", "budget", "budget_crossing"],
  "rotation",
  "usage_loss",
  ...["policy", "account_policy", "environment_policy", "key_policy", "policy_enforcement"],
  ...["key_import", "key_import_error", "bulk_act", "bulk_act_key", "approval", "drill", "recoverable_secret"],
  ...["secret_store", "hand_over", "rotation_schedule", "key_split", "split_caller", "dormancy_notice"],
  ...["webhook", "delivery", "mail", "mail_event", "notice_preference", "expiry_warning"],
  ...["offboarding", "offboarding_policy", "scim_credential", "scim_user"],
];
const LATER_COLUMNS = [
  ...["rotated_at", "rotating_until", "dispatched_at"],
  ...["throttle_amount", "throttle_per", "throttle_until", "throttle_reason", "throttled_at"],
  ...["closed_at", "erase_at", "erased_at", "closing_act", "erased"],
];

/** Which columns of a table are still in the backup. */
function keptColumns(after: About["tables"], table: string, columns: readonly { readonly name: string }[]): boolean[] {
  const left = after.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? [];
  return columns.map(({ name }) => left.includes(name));
}

/** Of a row of the keyring that there was not before migration 0023. */
const LATER_PURPOSE = "seal";

/** The same backup with another first frame, and without tables, columns and keys that are not in it. */
async function withAbout(path: string, change: (about: About) => About): Promise<string> {
  const to = place();
  const file = await openBackup(path, SECRET);
  const { envelope, bytes } = await newEnvelope(file.envelope.id, SECRET, { kind: "key" });
  const sink = fileSink(to, await openToWrite(partialOf(to), "w"));
  await sink.write(bytes);
  const writer = new RecordWriter(sink, envelope, START, systemRandom);
  let tables: readonly TableProgress[] = [];
  const kept = new Map<string, readonly boolean[]>();
  let sealed = true;
  for await (const { plain, last } of file.records()) {
    const content = await parseFrame(plain);
    let frame = content.frame.kind === "about" ? change(content.frame) : content.frame;
    if (frame.kind === "about" && content.frame.kind === "about") {
      tables = frame.tables.map((shape) => new TableProgress(shape));
      sealed = frame.migrations.some((name) => name >= "0023");
      for (const { name, columns } of content.frame.tables) kept.set(name, keptColumns(frame.tables, name, columns));
    }
    if ("table" in frame && !kept.get(frame.table)?.includes(true)) continue;
    if (frame.kind === "seal") {
      const told = frame.tables;
      const left = (name: string) => (told[name]?.rows ?? 0) - (name === "keyring" && !sealed ? 1 : 0);
      const entries = tables.map((table) => [table.shape.name, table] as const);
      const digests = entries.map(([name, table]) => [name, { rows: left(name), sha256: table.digest() }]);
      frame = { ...frame, tables: Object.fromEntries(digests) as typeof told };
    }
    const columns = "table" in frame ? kept.get(frame.table) : undefined;
    const known = content.rows.filter((row) => sealed || !row.includes(LATER_PURPOSE));
    const rows = known.map((row) => row.filter((_, index) => columns?.[index] !== false));
    const text = textOf({ frame, rows });
    takeIn(tables, { frame, rows }, text);
    await writer.write(await compress(text), last);
  }
  await sink.finish();
  await file.close();
  return to;
}

/** A database on which no Claviger was ever started; with its roles, it is gone afterwards. */
async function blankDatabase(): Promise<TestDatabase> {
  const name = `blank_${uniqueSuffix()}`;
  const maintenance = { ...source.owner };
  await ask(source, `CREATE DATABASE ${name}`);
  const database = { ...source, owner: { ...maintenance, database: name }, node: { ...source.node, database: name } };
  onTestFinished(async () => {
    const roles = await ask(database, "SELECT name FROM claviger.role_name").catch(() => []);
    await ask(source, `DROP DATABASE ${name} WITH (FORCE)`);
    for (const role of roles) await ask(source, `DROP ROLE IF EXISTS ${String(role.name)}`);
  });
  return database;
}

describe("restoring (J10)", () => {
  test("a backup of an older version is restored at its schema, and then brought to this one's", async () => {
    const whole = await backup();
    const all = (await ask(source, "SELECT name FROM claviger.migration ORDER BY name")).map(({ name }) =>
      String(name),
    );
    const older = await withAbout(whole, (about) => ({
      ...about,
      migrations: about.migrations.filter((name) => name < "0006"),
      tables: about.tables
        .filter(({ name }) => !LATER_TABLES.includes(name))
        .map((table) => ({ ...table, columns: table.columns.filter(({ name }) => !LATER_COLUMNS.includes(name)) })),
    }));
    const target = await blankDatabase();
    const restored = await restoreBackup(restoring(older, target));
    expect(restored.tables.api_key?.rows).toBe(4);
    const after = await ask(target, "SELECT name FROM claviger.migration ORDER BY name");
    expect(after.map(({ name }) => name)).toEqual(all);
    expect(await verifyAudit(operating(target))).toMatchObject({ ok: true });
  });

  test("a backup of a newer version is refused, and so is one whose schema the target has left behind", async () => {
    const whole = await backup();
    const newer = await withAbout(whole, (about) => ({
      ...about,
      migrations: [...about.migrations, "9999_later.sql"],
    }));
    const target = await emptyInstallation();
    await expect(restoreBackup(restoring(newer, target))).rejects.toMatchObject({ code: "BACKUP_NEWER" });
    const older = await withAbout(whole, (about) => ({ ...about, migrations: about.migrations.slice(0, 3) }));
    await expect(restoreBackup(restoring(older, target))).rejects.toMatchObject(BROKEN);
  });

  test("without the keyring a backup is not enough; with the keyring from another file of the same installation it is", async () => {
    const rows = await backup({ keyring: "without" });
    const keyring = await backup({ keyring: "only" });
    const target = await emptyInstallation();
    await expect(restoreBackup(restoring(rows, target))).rejects.toThrow("made without the keyring");
    await expect(restoreBackup(restoring(keyring, target))).rejects.toThrow("holds the keyring only");
    await expect(restoreBackup({ ...restoring(rows, target), keyringFrom: rows })).rejects.toMatchObject(BROKEN);
    await restoreBackup({ ...restoring(rows, target), keyringFrom: keyring });
    expect(await verifyAudit(operating(target))).toMatchObject({ ok: true });
  });

  test("a stream under a passphrase is the same backup", async () => {
    const to = place();
    const secret = { key: null, passphrase: "a passphrase of some length" };
    const stream = createWriteStream(to);
    await createBackup({ ...operating(source), to: stream, secret, keyring: "with", resume: false });
    await new Promise((resolve) => stream.end(resolve));
    const target = await emptyInstallation();
    expect(await restoreBackup({ ...restoring(to, target), secret })).toMatchObject({ anchorSetAside: null });
  });

  test("an audit trail that was broken before the backup is not restored in silence", async () => {
    const tampered = await testDatabase();
    onTestFinished(() => tampered.drop());
    await restoreBackup(restoring(await backup(), tampered));
    await ask(
      tampered,
      "ALTER TABLE claviger.audit_event DISABLE TRIGGER USER; ALTER TABLE claviger.audit_event NO FORCE ROW LEVEL SECURITY",
    );
    await ask(tampered, "UPDATE claviger.audit_event SET payload = replace(payload, 'key', 'kex') WHERE seq = 5");
    await ask(
      tampered,
      "ALTER TABLE claviger.audit_event ENABLE TRIGGER USER; ALTER TABLE claviger.audit_event FORCE ROW LEVEL SECURITY",
    );
    const to = place();
    await createBackup({ ...operating(tampered), to, secret: SECRET, keyring: "with", resume: false });
    const target = await emptyInstallation();
    await expect(readBackup(restoring(to, target))).rejects.toThrow("broken at event 5");
    await expect(restoreBackup(restoring(to, target))).rejects.toThrow("broken at event 5");
    expect(await ask(target, "SELECT FROM claviger.keyring")).toEqual([]);
  });

  test("the anchor of an earlier life of the data directory is kept aside, so that the trail is not said to be cut", async () => {
    const dataDir = await mkdtemp(join(dir, "data-"));
    await writeFile(join(dataDir, "audit-anchor.json"), JSON.stringify({ seq: 900, hash: "ab".repeat(32) }));
    const target = await emptyInstallation();
    const { anchorSetAside } = await restoreBackup(restoring(await backup(), target, dataDir));
    expect(anchorSetAside).toBe("audit-anchor.json.before-restore-900");
    expect(await readdir(dataDir)).toContain(anchorSetAside);
    expect(await verifyAudit(operating(target, dataDir))).toMatchObject({ ok: true, anchor: "checked" });
  });

  test("a table in parts comes back with its parts", async () => {
    const parted = async (): Promise<TestDatabase> => {
      const database = await emptyInstallation();
      await ask(
        database,
        `CREATE TABLE claviger.parted (day date, n integer, note text, PRIMARY KEY (day, n)) PARTITION BY RANGE (day);
         GRANT SELECT ON claviger.parted TO ${database.roles.platform}`,
      );
      return database;
    };
    const [from, target] = [await parted(), await parted()];
    await ask(
      from,
      `CREATE TABLE claviger.parted_november PARTITION OF claviger.parted FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
       INSERT INTO claviger.parted SELECT '2026-11-23', n, 'note' FROM generate_series(1, 4500) n`,
    );
    const app = await startApp({ database: from });
    await app.stop();
    const to = place();
    await createBackup({ ...operating(from), to, secret: SECRET, keyring: "with", resume: false });
    await restoreBackup(restoring(to, target));
    expect(await ask(target, "SELECT count(*)::int AS count FROM claviger.parted_november")).toEqual([{ count: 4500 }]);
  });

  test("what views are read from is not in a backup, and is written anew", async () => {
    const target = await emptyInstallation();
    await restoreBackup(restoring(await backup(), target));
    const known = (database: TestDatabase) =>
      database.database.transaction(PLATFORM, async (tx) => {
        const { rows } = await sql`SELECT * FROM key_activity ORDER BY browser DESC, key_id`.execute(tx);
        return rows;
      });
    const tally = (database: TestDatabase) =>
      database.database.transaction(PLATFORM, async (tx) => {
        const { rows } = await sql`SELECT environment, state, expires_on::text, sum(keys)::int AS keys FROM key_tally
          GROUP BY 1, 2, 3 HAVING sum(keys) <> 0 ORDER BY 1, 2, 3`.execute(tx);
        return rows;
      });
    const restored = await known(target);
    expect(restored).toEqual(await known(source));
    expect(await tally(target)).not.toEqual([]);
    expect(await tally(target)).toEqual(await tally(source));
    expect(restored).toMatchObject([{ browser: true, services: 2 }, { browser: false, services: 0 }, { services: 0 }]);
  });

  test("row-level security and all triggers are as they were, and an installation that was used is refused", async () => {
    const target = await emptyInstallation();
    const whole = await backup();
    const guards = () =>
      ask(
        target,
        `SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, array_agg(t.tgname || t.tgenabled::text ORDER BY t.tgname)
         FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
         WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind = 'r' GROUP BY c.oid ORDER BY 1`,
      );
    const before = await guards();
    await restoreBackup(restoring(whole, target));
    expect(await guards()).toEqual(before);
    await expect(restoreBackup(restoring(whole, target))).rejects.toMatchObject({ code: "INSTALLATION_NOT_EMPTY" });
    expect(await guards()).toEqual(before);
  });
});
