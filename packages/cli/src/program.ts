import { Command } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";

export interface Program {
  readonly command: Command;
  /** How the command that ran ended. */
  exitCode(): ExitCode;
}

export function createProgram(io: Io): Program {
  let exitCode: ExitCode = 0;
  const command = new Command("claviger").description(
    "API key management: issue, verify, rotate, revoke and prove keys",
  );
  command
    .command("serve")
    .description("Run the service in the foreground")
    .action(async () => {
      const { runServe } = await import("./commands/operate/serve.ts");
      exitCode = await runServe(io);
    });
  return { command, exitCode: () => exitCode };
}
