import { EXIT } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { processIo } from "./io.ts";
import { runProgram } from "./program.ts";

/** Runs this process's command line and leaves its exit code. */
export async function runProcess(): Promise<void> {
  // Whoever reads our output may go away first, as `head` does.
  process.stdout.on("error", (error) => {
    if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
    throw error;
  });
  const io = processIo();
  try {
    process.exitCode = await runProgram(io, process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(error.message);
    process.exitCode = error.exitCode;
  }
}
