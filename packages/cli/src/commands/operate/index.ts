/** What runs here rather than over the API: each as a command with its help, its work loaded when it runs. */
import type { Command } from "commander";
import type { Io } from "../../io.ts";
import type { Outcome } from "../../outcome.ts";

/** Gives a command its help, arguments and flags, and says what it does. */
export type Register = (command: Command, io: Io, outcome: Outcome) => void;

const SAME_SETTINGS =
  "\nReads the same settings as the service: CLAVIGER_DATA_DIR, DATABASE_URL, CLAVIGER_MASTER_KEY, …";
const JSON_FLAG = ["--json", "print the result as JSON"] as const;

const examples = (...lines: string[]): string => ["\nExamples:", ...lines.map((line) => `  $ ${line}`)].join("\n");

export const registerServe: Register = (command, io, outcome) => {
  command
    .description("Run the service in the foreground, until SIGTERM or SIGINT")
    .addHelpText(
      "after",
      examples("claviger serve", "CLAVIGER_PORT=8080 CLAVIGER_DATA_DIR=/var/lib/claviger claviger serve"),
    )
    .action(async () => {
      const { runServe } = await import("./serve.ts");
      outcome.exitCode = await runServe(io);
    });
};

export const registerDemo: Register = (command, io, outcome) => {
  command
    .description("Run the service with an invented platform to click through, in a data directory of its own")
    .addHelpText("after", examples("claviger demo", "CLAVIGER_DEMO_SEED=7 CLAVIGER_DATA_DIR=/tmp/demo claviger demo"))
    .action(async () => {
      const { runDemo } = await import("./demo.ts");
      outcome.exitCode = await runDemo(io);
    });
};

export const registerVerifyAudit: Register = (command, io, outcome) => {
  command
    .description("Check the whole hash chain of the audit trail, and its end against the anchor file")
    .option(...JSON_FLAG)
    .addHelpText("after", `${examples("claviger audit verify", "claviger audit verify --json")}\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runVerifyAudit } = await import("./verify-audit.ts");
      outcome.exitCode = await runVerifyAudit(io, command.optsWithGlobals().json === true);
    });
};

export const registerReconcileUsage: Register = (command, io, outcome) => {
  command
    .description(
      "Prove that counts of uses and single verifications add up to the same; by default of yesterday and today",
    )
    .option("--from <day>", "first UTC day, such as 2027-01-31")
    .option("--to <day>", "last UTC day")
    .option(...JSON_FLAG)
    .addHelpText("after", `${examples("claviger usage reconcile --from 2027-01-01 --to 2027-01-31")}\n${SAME_SETTINGS}`)
    .action(async (flags: { readonly from?: string; readonly to?: string }) => {
      const { runReconcileUsage } = await import("./reconcile-usage.ts");
      const json = command.optsWithGlobals().json === true;
      outcome.exitCode = await runReconcileUsage(io, { from: flags.from, to: flags.to, json });
    });
};

export const registerRecoverManagementKey: Register = (command, io, outcome) => {
  command
    .description(
      "Make a management key when the last one is lost; needs the database and the master key, and is audited",
    )
    .option(...JSON_FLAG)
    .addHelpText("after", `${examples("claviger recover-management-key > management-key.txt")}\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runRecoverManagementKey } = await import("./recover-management-key.ts");
      outcome.exitCode = await runRecoverManagementKey(io, command.optsWithGlobals().json === true);
    });
};

export const registerDoctor: Register = (command, io, outcome) => {
  command
    .description("Look at settings, data directory, database, isolation, clock and port, and say what to do")
    .option(...JSON_FLAG)
    .addHelpText("after", `${examples("claviger doctor", "claviger doctor --json")}\n${SAME_SETTINGS}`)
    .action(async () => {
      const { runDoctor } = await import("./doctor.ts");
      outcome.exitCode = await runDoctor(io, command.optsWithGlobals().json === true);
    });
};

export const registerKeyCheck: Register = (command, io, outcome) => {
  command
    .description("Say offline whether a string is a well-formed key of any platform; not whether it is valid")
    .argument("<string>", "the string, or - to read it from stdin, which other users of the machine cannot see")
    .option(...JSON_FLAG)
    .addHelpText("after", examples("claviger key check - < key.txt"))
    .action(async (given: string) => {
      const { runCheckKey } = await import("./check-key.ts");
      outcome.exitCode = await runCheckKey(io, given, command.optsWithGlobals().json === true);
    });
};
