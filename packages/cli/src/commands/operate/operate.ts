import { ClavigerError } from "@claviger/core";
import { ConfigError, DatabaseError, EngineError, isUnavailable, type OperateOptions } from "@claviger/server";
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

/**
 * Wrong settings, and a database or key that cannot be used, as one line and exit code 2; a database that goes away, 69.
 * Anything unexpected stays as it is, with its stack, for whoever has to find the cause.
 */
export function asFailure(error: unknown): unknown {
  const told = error instanceof ConfigError || error instanceof EngineError || error instanceof DatabaseError;
  if (told) return new Failure(EXIT.settings, oneLine(error.message));
  if (isUnavailable(error)) return new Failure(EXIT.unavailable, `the database cannot be reached: ${messageOf(error)}`);
  return error instanceof ClavigerError ? new Failure(EXIT.settings, oneLine(error.publicDetail)) : error;
}

const messageOf = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error));
