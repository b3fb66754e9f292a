import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { ENTRIES } from "./commands/index.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Failure, usageFailure } from "./failure.ts";
import type { Io } from "./io.ts";
import type { Outcome } from "./outcome.ts";

/** Runs one command line, without the program's own name. Throws `Failure` for what the person at the terminal must be told. */
export async function runProgram(io: Io, commandLine: readonly string[]): Promise<ExitCode> {
  const outcome: Outcome = { exitCode: EXIT.ok };
  const words = commandLine[0] === "help" ? [...commandLine.slice(1), "--help"] : [...commandLine];
  const program = createProgram(io);
  const [wanted, verb, further] = namesIn(words);
  for (const entry of ENTRIES) {
    const command = program.command(entry.name).description(entry.summary).helpCommand(false);
    if (entry.name === wanted) await entry.load(command, { io, outcome, verb, further });
  }
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw explained(error, words);
  }
  return outcome.exitCode;
}

function createProgram(io: Io): Command {
  return new Command("claviger")
    .description("API key management: issue, verify, suspend, revoke and prove API keys")
    .option("--json", "print answers as JSON")
    .option("--url <url>", "address of the service (default CLAVIGER_URL, else http://127.0.0.1:4700)")
    .version(version(), "--version")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: () => undefined,
      outputError: () => undefined,
    })
    .addHelpText("after", HELP);
}

const HELP = `
Commands speak with a running service over HTTP, as CLAVIGER_MANAGEMENT_KEY allows; serve, doctor, audit verify,
recover-management-key, rotate-…, backup and restore work on the installation itself, with the settings of the service.

Examples:
  $ claviger serve
  $ claviger keys create --account ext:acme --environment live --label "Nightly report" --scopes reports:read
  $ claviger keys list --account ext:acme --all
  $ claviger keys revoke key_01M8414TSEEBKV20QTA45NWYH3 --reason leaked
  $ claviger help keys create

Exit codes: 0 yes · 1 no · 2 a setting is wrong · 64 the command line is wrong · 69 the service cannot be reached`;

/** The words that are neither flags of the program itself nor their values. */
function namesIn(words: readonly string[]): string[] {
  return words.filter((word, index) => !word.startsWith("-") && words[index - 1] !== "--url");
}

/** One line that says what is wrong with the command line, and where help is. */
function explained(error: CommanderError, words: readonly string[]): Failure {
  const path = words.filter((word) => /^[a-z][a-z-]*$/.test(word)).slice(0, words[1] === "rotation" ? 3 : 2);
  if (error.code === "commander.help")
    return usageFailure(`name a command; see claviger ${[...path, "--help"].join(" ")}`);
  if (error.code === "commander.excessArguments" && path[0] === "verify") {
    return usageFailure(
      "verify takes no key as an argument, which others could see; give it on stdin or as CLAVIGER_KEY",
    );
  }
  return usageFailure(`${error.message.replace(/^error: /, "").replace(/\n/g, " ")}`);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
