#!/usr/bin/env node
import { EXIT } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { processIo } from "./io.ts";
import { createProgram } from "./program.ts";

// Whoever reads our output may go away first, as `head` does.
process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});

const io = processIo();
try {
  const program = createProgram(io);
  await program.command.parseAsync(process.argv);
  process.exitCode = program.exitCode();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  io.err(error.message);
  process.exitCode = error.exitCode;
}
