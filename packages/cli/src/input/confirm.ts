import { createInterface } from "node:readline";
import { EXIT } from "../exit-codes.ts";
import { Failure, usageFailure } from "../failure.ts";
import type { Io } from "../io.ts";

/** Asks before something that cannot be taken back. Throws `Failure` on no, and where there is nobody to ask. */
export async function confirm(io: Io, question: string, given: boolean): Promise<void> {
  if (given) return;
  if (!io.stdinIsTerminal || !io.stderrIsTerminal) throw usageFailure("there is no terminal to ask on; say --yes");
  io.errRaw(`${question} [y/N] `);
  const lines = createInterface({ input: io.stdin });
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
    });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    lines.close();
  }
  throw new Failure(EXIT.failed, "claviger: nothing was done");
}
