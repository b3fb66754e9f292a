import { ClavigerError } from "@claviger/core";
import { ConfigError, DatabaseError, EngineError, type Serving, serve } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { Failure, oneLine } from "../../failure.ts";
import type { Io } from "../../io.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the service in the foreground until SIGTERM or SIGINT, which let it finish what it is doing; a second signal ends
 * it at once. Throws `Failure` when it cannot start; ends the process when it cannot go on.
 */
export async function runServe(io: Io): Promise<ExitCode> {
  const asked = stopSignal();
  const serving = await start(io);
  await asked;
  await serving.stop();
  return EXIT.ok;
}

/** Settles at the first signal, which may come while the service still starts: it then stops as soon as it has. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let signalled = false;
    for (const [name, code] of Object.entries(SIGNALS)) {
      process.on(name, () => {
        // The embedded database is told to end by the exit of its parent.
        if (signalled) process.exit(code);
        signalled = true;
        resolve();
      });
    }
  });
}

async function start(io: Io): Promise<Serving> {
  try {
    return await serve({
      environment: io.env,
      workingDirectory: io.workingDirectory,
      print: io.out,
      onFatal: (message) => {
        io.err(`claviger: ${oneLine(message)}`);
        process.exit(EXIT.failed);
      },
    });
  } catch (error) {
    throw startFailure(error);
  }
}

/** What stops a start as one line on stderr. Anything unexpected keeps its stack, for whoever has to find the cause. */
export function startFailure(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof EngineError || error instanceof DatabaseError) {
    return new Failure(EXIT.settings, oneLine(error.message));
  }
  return error instanceof ClavigerError ? new Failure(EXIT.settings, oneLine(error.publicDetail)) : error;
}
