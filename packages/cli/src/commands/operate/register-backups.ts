/** The commands that back up and restore, with their help; their work is loaded when they run. */
import { usageFailure } from "../../failure.ts";
import type { Register } from "./index.ts";

const JSON_FLAG = ["--json", "print the result as JSON"] as const;
const SECRETS = [
  "\nCLAVIGER_BACKUP_KEY (32 bytes in base64) or CLAVIGER_BACKUP_PASSPHRASE is what backups are encrypted under; each also",
  "as NAME_FILE. Without it a backup cannot be read: keep it apart from the backups.",
].join("\n");

export const registerBackup: Register = (command, io, outcome) => {
  command
    .description("Write everything as one encrypted file, while the service runs; the state of one moment")
    .requiredOption("--to <file>", "the file to write, which must not be there yet; - for stdout")
    .option("--resume", "go on with <file>.partial, which an interruption has left")
    .option("--without-keyring", "leave out the keyring, so that this file alone verifies nothing")
    .option("--only-keyring", "write the keyring alone, to be kept elsewhere")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  $ claviger backup --to /var/backups/claviger-2026-11-23.backup",
        "  $ claviger backup --to - | ssh vault 'cat > claviger.backup'",
        SECRETS,
        "The keyring in it is wrapped by the master key, which is in no backup: keep that as well.",
      ].join("\n"),
    )
    .action(async () => {
      const { runBackup } = await import("./backup.ts");
      const { to, resume, withoutKeyring, onlyKeyring, json } = command.optsWithGlobals();
      if (withoutKeyring === true && onlyKeyring === true)
        throw usageFailure("--without-keyring and --only-keyring exclude one another");
      if (to === "-" && resume === true) throw usageFailure("stdout cannot be gone on with; name a file to --resume");
      const keyring = withoutKeyring === true ? "without" : onlyKeyring === true ? "only" : "with";
      outcome.exitCode = await runBackup(io, { to, keyring, resume: resume === true, json: json === true });
    });
};

export const registerRestore: Register = (command, io, outcome) => {
  command
    .description("Make an installation of a backup, in an empty database or data directory; all of it or nothing")
    .requiredOption("--from <file>", "the backup")
    .option("--keyring-from <file>", "a backup that holds the keyring, where --from was made without it")
    .option("--resume", "go on with a restore of this file that was cut off")
    .option("--check", "only read the backup to its end, and say whether it can be restored with this master key")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  $ claviger restore --check --from claviger-2026-11-23.backup",
        "  $ CLAVIGER_DATA_DIR=/var/lib/claviger-new claviger restore --from claviger-2026-11-23.backup",
        SECRETS,
        "Needs the master key of the installation that was backed up, in CLAVIGER_MASTER_KEY or as the file master-key in the",
        "data directory.",
      ].join("\n"),
    )
    .action(async () => {
      const { runRestore } = await import("./restore.ts");
      const { from, keyringFrom, resume, check, json } = command.optsWithGlobals();
      outcome.exitCode = await runRestore(io, {
        ...{ from, keyringFrom: keyringFrom ?? null },
        ...{ resume: resume === true, check: check === true, json: json === true },
      });
    });
};
