import { ConfigError, DatabaseError, EngineError, type OperateOptions } from "@claviger/server";
import { EXIT } from "../../exit-codes.ts";
import { Failure, oneLine } from "../../failure.ts";
import type { Io } from "../../io.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs an operator's work on the installation of this environment. What stops it becomes one line and exit code 2. A signal
 * ends the process by its exit, which also ends a database that was started for the work alone.
 */
export async function operate<T>(io: Io, work: (options: OperateOptions) => Promise<T>): Promise<T> {
  for (const [name, code] of Object.entries(SIGNALS)) process.once(name, () => process.exit(code));
  try {
    return await work({ environment: io.env, workingDirectory: io.workingDirectory });
  } catch (error) {
    throw asFailure(error);
  }
}

/** The errors that the server's door announces, and those of the database, by their message; all others as they are. */
function asFailure(error: unknown): unknown {
  const told = error instanceof ConfigError || error instanceof EngineError || error instanceof DatabaseError;
  if (told || error instanceof SyntaxError) return new Failure(EXIT.settings, oneLine(error.message));
  return error;
}
