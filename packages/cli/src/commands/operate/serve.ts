import { type ServeOptions, type Serving, serve } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { oneLine } from "../../failure.ts";
import type { Io } from "../../io.ts";
import { asFailure } from "./operate.ts";

/** Milliseconds that connections may take to close after the stop. */
const LINGER_MS = 500;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the service in the foreground until SIGTERM or SIGINT, which let it finish what it is doing; a second signal ends
 * it at once. `more` is for services of a special kind. Throws `Failure` when it cannot start; ends the process when it cannot go on.
 */
export async function runServe(
  io: Io,
  more: Pick<Partial<ServeOptions>, "environment" | "prepare"> = {},
): Promise<ExitCode> {
  const asked = stopSignal();
  // The service outlives whoever only waited for its first lines.
  process.stdout.removeAllListeners("error").on("error", () => undefined);
  const serving = await start(io, more);
  await asked;
  await serving.stop();
  // A connection whose other end is silent would otherwise keep the process.
  setTimeout(() => process.exit(), LINGER_MS).unref();
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

async function start(io: Io, more: Partial<ServeOptions>): Promise<Serving> {
  try {
    return await serve({
      environment: io.env,
      workingDirectory: io.workingDirectory,
      print: io.out,
      onFatal: (message) => {
        io.err(`claviger: ${oneLine(message)}`);
        process.exit(EXIT.failed);
      },
      ...more,
    });
  } catch (error) {
    throw asFailure(error);
  }
}
