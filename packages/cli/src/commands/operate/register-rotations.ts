/** The commands that rotate the installation's own keys, with their help; their work is loaded when they run. */
import type { Register } from "./index.ts";

const JSON_FLAG = ["--json", "print the result as JSON"] as const;
const SAME_SETTINGS =
  "\nReads the same settings as the service, and needs its database and master key. On record in the audit trail.";

export const registerRotatePepper: Register = (command, io, outcome) => {
  command
    .description(
      "Take a new pepper into use and wrap every stored key again, while the service runs; no key ends. Run it again after an interruption",
    )
    .option(...JSON_FLAG)
    .addHelpText("after", `\nExamples:\n  $ claviger rotate-pepper\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runRotatePepper } = await import("./rotate-pepper.ts");
      outcome.exitCode = await runRotatePepper(io, command.optsWithGlobals().json === true);
    });
};

export const registerRotateTagKey: Register = (command, io, outcome) => {
  command
    .description("Take a new tag key into use for keys issued from now on; those in the field stay valid")
    .option(...JSON_FLAG)
    .addHelpText("after", `\nExamples:\n  $ claviger rotate-tag-key\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runRotateTagKey } = await import("./rotate-tag-key.ts");
      outcome.exitCode = await runRotateTagKey(io, command.optsWithGlobals().json === true);
    });
};

export const registerRotateAuditKey: Register = (command, io, outcome) => {
  command
    .description("Take a new key of the audit chain into use for later events; earlier ones stay verifiable")
    .option(...JSON_FLAG)
    .addHelpText("after", `\nExamples:\n  $ claviger rotate-audit-key\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runRotateAuditKey } = await import("./rotate-audit-key.ts");
      outcome.exitCode = await runRotateAuditKey(io, command.optsWithGlobals().json === true);
    });
};

export const registerRotateKek: Register = (command, io, outcome) => {
  command
    .description(
      "Wrap every recoverable secret by the key-encryption key in CLAVIGER_KEK, while the service runs; no key ends. Run it again after an interruption",
    )
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  $ CLAVIGER_KEK_FILE=new-kek CLAVIGER_KEK_OLD_FILE=old-kek claviger rotate-kek",
        "  $ claviger rotate-kek                     after a rotation within Vault",
        SAME_SETTINGS,
      ].join("\n"),
    )
    .action(async () => {
      const { runRotateKek } = await import("./rotate-kek.ts");
      outcome.exitCode = await runRotateKek(io, command.optsWithGlobals().json === true);
    });
};

export const registerRotateMasterKey: Register = (command, io, outcome) => {
  command
    .description(
      "Replace the master key; no key ends. In a data directory at once; with CLAVIGER_MASTER_KEY in two steps, with a restart of every node between",
    )
    .option("--finish", "the nodes have the new master key: the old one shall open nothing any more")
    .option("--abandon", "take back a new master key that was begun with")
    .option(...JSON_FLAG)
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  $ claviger rotate-master-key                                        data directory",
        "  $ CLAVIGER_NEW_MASTER_KEY_FILE=new-master-key claviger rotate-master-key",
        "  $ CLAVIGER_MASTER_KEY_FILE=new-master-key claviger rotate-master-key --finish",
        "\nCLAVIGER_NEW_MASTER_KEY or CLAVIGER_NEW_MASTER_KEY_FILE is the new one: 32 bytes in base64.",
        SAME_SETTINGS,
      ].join("\n"),
    )
    .action(async () => {
      const { runRotateMasterKey } = await import("./rotate-master-key.ts");
      const { finish, abandon, json } = command.optsWithGlobals();
      const step = finish === true ? "finish" : abandon === true ? "abandon" : "begin";
      outcome.exitCode = await runRotateMasterKey(io, step, json === true);
    });
};
