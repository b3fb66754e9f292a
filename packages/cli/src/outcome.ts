import type { ExitCode } from "./exit-codes.ts";

/** Where a command leaves how it ended. */
export interface Outcome {
  exitCode: ExitCode;
}
