import { rename } from "node:fs/promises";
import { join } from "node:path";
import { type Config, loadConfig } from "../../config.ts";
import {
  currentRole,
  type Database,
  type DatabaseClient,
  type Engine,
  migrate,
  openDatabase,
  openEngine,
  openKeyring,
  PLATFORM,
} from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createLogger, type Logger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { ANCHOR_FILE, readAnchor, verifyChain } from "../../modules/audit/index.ts";
import { notEmpty } from "../errors.ts";
import { existingMasterKey } from "../installation.ts";
import { operatorAlone } from "../operator.ts";
import { readAuditHead, readRecords, withClient } from "../queries.ts";
import { loadBackup } from "./load-backup.ts";
import {
  type BackupReport,
  impossible,
  type OpenedBackup,
  openForRestore,
  type ReadBackupOptions,
  reportOf,
} from "./open-for-restore.ts";
import { isUsed } from "./queries/catalog.ts";
import { dropStaging, type Loading, prepareSession, readLoading } from "./queries/staging.ts";

export interface RestoreOptions extends ReadBackupOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
  /** Goes on with a restore of the same file that was cut off. */
  readonly resume: boolean;
}

export interface Restored extends BackupReport {
  /** Events of the audit trail that were verified, once all was in its place. */
  readonly events: number;
  /** Where the anchor of an earlier life of this data directory was put; null where there was none in the way. */
  readonly anchorSetAside: string | null;
}

/**
 * Makes an installation of a backup, in an empty database or data directory. Nothing counts before everything was read,
 * authenticated, compared and checked; what is then in place is brought to this version's schema. The installation has an
 * identity of its own: nodes and verifiers that knew the old one forget it. Throws ConfigError, EngineError, DatabaseError,
 * OperateError; after any of them, or a kill, `resume` goes on.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const logger = createLogger("error");
  const opened = await openForRestore(options);
  try {
    const engine = await openEngine({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl ?? undefined,
      directUrl: config.databaseDirectUrl ?? undefined,
      migrationUrl: config.databaseMigrationUrl ?? undefined,
      logger,
    });
    try {
      return await withClient(engine.owner, (owner) => restoreInto(options, config, logger, opened, engine, owner));
    } finally {
      await engine.stop();
    }
  } finally {
    await opened.file.close();
  }
}

async function restoreInto(
  options: RestoreOptions,
  config: Config,
  logger: Logger,
  opened: OpenedBackup,
  engine: Engine,
  owner: DatabaseClient,
): Promise<Restored> {
  await prepareSession(owner);
  const begun = await findBegun(owner, opened, options.resume);
  if (begun?.state !== "loaded") {
    await prepareSchema(engine, owner, opened);
    const onProgress = (bytes: number, total: number): void => options.onProgress?.("restoring", bytes, total);
    await loadBackup(owner, opened, begun, onProgress);
  }
  const { roles } = await migrateTo(engine, undefined);
  const database = openDatabase({ connection: engine.node, roles, poolSize: 4, onIdleError: () => undefined });
  try {
    const finished = await finish(options, config, logger, opened, engine, database);
    await dropStaging(owner);
    return finished;
  } finally {
    await database.close();
  }
}

async function findBegun(owner: DatabaseClient, { backup }: OpenedBackup, resume: boolean): Promise<Loading | null> {
  const begun = await readLoading(owner);
  if (!resume) return null;
  if (begun === null) throw impossible("no restore was begun here; leave out --resume");
  if (begun.backup !== backup.id) throw impossible("the restore that was begun here is of another backup");
  return begun;
}

function migrateTo({ owner, node }: Engine, upTo: string | undefined) {
  const newSuffix = Buffer.from(systemRandom.bytes(4)).toString("hex");
  return currentRole(node).then((loginRole) => migrate({ owner, loginRole, newSuffix, upTo }));
}

/** Brings an empty database to the schema that the backup was made with. Throws OperateError INSTALLATION_NOT_EMPTY. */
async function prepareSchema(engine: Engine, owner: DatabaseClient, { backup }: OpenedBackup): Promise<void> {
  const before = await readRecords(owner);
  const later = before?.migrations.find((name) => !backup.about.migrations.includes(name));
  if (later !== undefined && (await isUsedInstallation(engine, before))) throw notEmpty();
  if (later !== undefined) {
    throw impossible(
      `the database has the migration ${later}, which is later than the backup; restore into a database on which no Claviger was ever started`,
    );
  }
  const { roles } = await migrateTo(engine, backup.about.migrations.at(-1));
  if (await isUsedInstallation(engine, { roles })) throw notEmpty();
}

async function isUsedInstallation(
  engine: Engine,
  records: Pick<NonNullable<Awaited<ReturnType<typeof readRecords>>>, "roles"> | null,
): Promise<boolean> {
  if (records === null) return false;
  const database = openDatabase({ connection: engine.node, roles: records.roles, poolSize: 1 });
  try {
    return await database.transaction(PLATFORM, isUsed);
  } finally {
    await database.close();
  }
}

/** What is in place is verified as an installation that runs would be, and the restore is put on record in it. */
async function finish(
  options: RestoreOptions,
  config: Config,
  logger: Logger,
  { backup }: OpenedBackup,
  engine: Engine,
  database: Database,
): Promise<Restored> {
  const masterKey = await existingMasterKey(config);
  const keyring = await openKeyring(database, masterKey, systemClock, systemRandom);
  const report = await verifyChain(database, { byVersion: (version) => keyring.byVersion("audit", version) });
  if (!report.ok) throw impossible(`the audit trail is broken at event ${report.brokenAt}: ${report.detail}`);
  const anchorSetAside = await setAnchorAside(config.dataDir, database);
  const close = (): Promise<void> => Promise.resolve();
  const { migrations } = backup.about;
  const installation = { database, keyring, masterKey, migrations, direct: engine.direct, wasRunning: false, close };
  const operator = operatorAlone(config, logger, installation, options.operator);
  try {
    await operator.act(operator.acting<void>(), PLATFORM, async (unit) => {
      const after = { takenAt: backup.seal.takenAt, events: report.events, anchorSetAside };
      unit.audits({
        action: "installation.restored",
        account: null,
        target: { type: "backup", id: backup.id },
        after,
      });
    });
  } finally {
    await operator.stop();
  }
  return { ...reportOf(backup), events: report.events, anchorSetAside };
}

/** An anchor that names an event which the backup does not hold would say for ever that the trail was cut. It is kept. */
async function setAnchorAside(dataDir: string, database: Database): Promise<string | null> {
  const anchor = await readAnchor(dataDir);
  if (anchor === null) return null;
  const { hashAt } = await readAuditHead(database, anchor.seq);
  if (hashAt !== null && Buffer.from(hashAt).equals(anchor.hash)) return null;
  const aside = `${ANCHOR_FILE}.before-restore-${anchor.seq}`;
  await rename(join(dataDir, ANCHOR_FILE), join(dataDir, aside));
  return aside;
}
