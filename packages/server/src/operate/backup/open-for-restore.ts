import { loadConfig } from "../../config.ts";
import { OperateError } from "../errors.ts";
import { existingMasterKey } from "../installation.ts";
import { compareMigrations } from "../migrations.ts";
import type { OperateOptions } from "../options.ts";
import { type BackupFile, openBackup } from "./backup-file.ts";
import type { BackupSecret } from "./backup-key.ts";
import { AuditCheck, auditKeysOf, type CheckedBackup, checkBackup, framesOf } from "./check-backup.ts";
import type { About } from "./frames.ts";

export interface ReadBackupOptions extends OperateOptions {
  readonly from: string;
  /** Another backup of the same installation, for one that was made without the keyring. */
  readonly keyringFrom: string | null;
  readonly secret: BackupSecret;
  /** `bytes` read of `total` in this step. */
  readonly onProgress?: ((step: "reading" | "restoring", bytes: number, total: number) => void) | undefined;
}

export interface OpenedBackup {
  readonly file: BackupFile;
  /** With the keyring, from whichever file it is. */
  readonly backup: CheckedBackup;
  readonly auditKeys: ReadonlyMap<number, Uint8Array>;
}

/**
 * Reads a backup to its end and makes sure that it can be restored here: whole, in its order, made by a version whose
 * schema this one knows, with a keyring that the master key opens. Throws OperateError, ConfigError, DatabaseError.
 */
export async function openForRestore(options: ReadBackupOptions): Promise<OpenedBackup> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const file = await openBackup(options.from, options.secret);
  try {
    const backup = await checkBackup(file, (bytes, total) => options.onProgress?.("reading", bytes, total));
    await demandKnown(backup.about);
    const whole = await withKeyring(backup, options);
    return { file, backup: whole, auditKeys: auditKeysOf(whole.keyring, await existingMasterKey(config)) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function demandKnown({ migrations, software }: About): Promise<void> {
  const { unknown } = await compareMigrations(migrations);
  if (unknown[0] === undefined) return;
  throw new OperateError(
    "BACKUP_NEWER",
    `the backup was made by Claviger ${software}, whose migration ${unknown[0]} this version does not know; use that version`,
  );
}

async function withKeyring(backup: CheckedBackup, options: ReadBackupOptions): Promise<CheckedBackup> {
  if (backup.about.keyring === "only")
    throw impossible("the backup holds the keyring only; name it with --keyring-from, and another with --from");
  if (backup.keyring.length > 0) return backup;
  if (options.keyringFrom === null) {
    throw impossible(
      "the backup was made without the keyring, without which no key can be verified; name one that has it with --keyring-from",
    );
  }
  const file = await openBackup(options.keyringFrom, options.secret);
  try {
    const other = await checkBackup(file, () => undefined);
    const sameInstallation = installationOf(other.about) === installationOf(backup.about);
    if (!sameInstallation || other.keyring.length === 0)
      throw impossible("the file of --keyring-from holds no keyring of this installation");
    return { ...backup, keyring: other.keyring, keyringRows: other.keyringRows, keyringShape: other.keyringShape };
  } finally {
    await file.close();
  }
}

function installationOf({ origin }: About): string {
  return origin.split("/")[0] ?? "";
}

export function impossible(why: string): OperateError {
  return new OperateError("RESTORE_IMPOSSIBLE", why);
}

/** Shape of the audit trail in a backup that holds more than the keyring. */
export function auditCheckOf({ backup, auditKeys }: OpenedBackup): AuditCheck {
  const shape = backup.about.tables.find(({ name }) => name === "audit_event");
  if (shape === undefined) throw impossible("the backup holds no audit trail");
  return new AuditCheck(auditKeys, shape);
}

export interface BackupReport {
  readonly id: string;
  /** RFC 3339: the moment whose state it is. */
  readonly takenAt: string;
  readonly software: string;
  readonly tables: CheckedBackup["seal"]["tables"];
  readonly auditHead: CheckedBackup["seal"]["auditHead"];
}

export function reportOf({ id, seal, about }: CheckedBackup): BackupReport {
  const { takenAt, tables, auditHead } = seal;
  return { id, takenAt, software: about.software, tables, auditHead };
}

/** Everything that a restore checks before it begins, and the audit chain; touches no database. Throws as `openForRestore`. */
export async function readBackup(options: ReadBackupOptions): Promise<BackupReport> {
  const opened = await openForRestore(options);
  try {
    const audit = auditCheckOf(opened);
    for await (const { frame, rows } of framesOf(opened.file, () => undefined)) {
      if ("table" in frame && frame.table === "audit_event") audit.take(rows);
    }
    audit.demandHead(opened.backup.seal.auditHead);
    return reportOf(opened.backup);
  } finally {
    await opened.file.close();
  }
}
