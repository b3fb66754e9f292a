import { createBackup, type KeyringChoice } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { readSecret } from "../../input/secrets.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { onInstallation } from "./on-installation.ts";

export interface BackupFlags {
  /** A path, or `-` for stdout. */
  readonly to: string;
  readonly keyring: KeyringChoice;
  readonly resume: boolean;
  readonly json: boolean;
}

/** Writes an encrypted backup of everything, while the service runs. */
export async function runBackup(io: Io, { to, keyring, resume, json }: BackupFlags): Promise<ExitCode> {
  const progress = createProgress(io, "rows copied");
  const target = to === "-" ? process.stdout : to;
  const made = await onInstallation(io, (options) =>
    createBackup({ ...options, to: target, secret: backupSecret(io), keyring, resume, onProgress: progress.show }),
  ).finally(progress.clear);
  const tell = to === "-" ? io.err : io.out;
  const rows = Object.values(made.tables).reduce((sum, table) => sum + table.rows, 0);
  if (json) tell(JSON.stringify(made));
  else tell(`backup ${made.id}: ${rows} rows of ${Object.keys(made.tables).length} tables, as of ${made.takenAt}`);
  return EXIT.ok;
}

/** What backups are encrypted under. */
export function backupSecret(io: Io): { readonly key: string | null; readonly passphrase: string | null } {
  return {
    key: readSecret(io, "CLAVIGER_BACKUP_KEY")?.reveal() ?? null,
    passphrase: readSecret(io, "CLAVIGER_BACKUP_PASSPHRASE")?.reveal() ?? null,
  };
}
