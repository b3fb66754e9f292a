/**
 * A caller's program with a verifier in it, as a process of its own, which tests freeze, block and kill. Told what to be in
 * VERIFIER_SETTINGS and what to do on stdin, a JSON command a line; answers each with a line on stdout.
 */
import { createInterface } from "node:readline";
import { createVerifier, type VerifierOptions } from "@claviger/sdk";
import { type VerifierCommand, VerifierProgram } from "./verifier-program.ts";

/** What the variable VERIFIER_SETTINGS holds as JSON. */
export interface VerifierSettings {
  readonly options: VerifierOptions;
}

const settings = JSON.parse(process.env.VERIFIER_SETTINGS ?? "") as VerifierSettings;
const program = new VerifierProgram(await createVerifier(settings.options));

process.stdout.write("{}\n");
createInterface({ input: process.stdin })
  .on("line", (line) => {
    void program.carryOut(JSON.parse(line) as VerifierCommand).then((answer) => {
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    });
  })
  // The test is gone, or has had enough of it.
  .on("close", () => process.exit(0));
