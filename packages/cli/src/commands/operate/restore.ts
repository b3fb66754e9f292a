import { type BackupReport, type Restored, readBackup, restoreBackup } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { createProgress } from "../../output/progress.ts";
import { backupSecret } from "./backup.ts";
import { onInstallation } from "./on-installation.ts";

export interface RestoreFlags {
  readonly from: string;
  /** Another backup, which holds the keyring. */
  readonly keyringFrom: string | null;
  readonly resume: boolean;
  /** Only read the backup and say whether it could be restored. */
  readonly check: boolean;
  readonly json: boolean;
}

/** Makes an installation of a backup, in an empty database or data directory; or checks the backup only. */
export async function runRestore(io: Io, flags: RestoreFlags): Promise<ExitCode> {
  const progress = createProgress(io, "bytes read");
  const reading = {
    ...{ from: flags.from, keyringFrom: flags.keyringFrom, secret: backupSecret(io) },
    onProgress: (_: string, done: number, total: number) => progress.show(done, total),
  };
  if (flags.check) {
    const report = await onInstallation(io, (options) => readBackup({ ...options, ...reading })).finally(
      progress.clear,
    );
    io.out(flags.json ? JSON.stringify(report) : `ok: ${describe(report)}`);
    return EXIT.ok;
  }
  const restored = await onInstallation(io, (options) =>
    restoreBackup({ ...options, ...reading, resume: flags.resume }),
  ).finally(progress.clear);
  io.out(flags.json ? JSON.stringify(restored) : `restored ${describe(restored)}`);
  if (!flags.json) tellMore(io, restored);
  return EXIT.ok;
}

function describe({ id, takenAt, tables }: BackupReport): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  return `backup ${id}: ${rows} rows of ${Object.keys(tables).length} tables, as of ${takenAt}`;
}

function tellMore(io: Io, { events, anchorSetAside }: Restored): void {
  io.err(
    `The audit trail of ${events} events was verified. What was revoked since the backup is valid again: revoke it anew.`,
  );
  if (anchorSetAside === null) return;
  io.err(
    `The data directory's audit anchor named a later event, which this backup does not hold; it is kept as ${anchorSetAside}.`,
  );
}
