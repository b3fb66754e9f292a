/**
 * A caller's program with a verifier in it, as a process of its own, which tests freeze, block and kill. Told what to be in
 * VERIFIER_SETTINGS and what to do on stdin, a JSON command a line; answers each with a line on stdout.
 */
import { openSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { createVerifier, type VerifierOptions } from "@claviger/sdk";
import { type VerifierCommand, VerifierProgram } from "./verifier-program.ts";

/** What the variable VERIFIER_SETTINGS holds as JSON. */
export interface VerifierSettings {
  readonly options: VerifierOptions;
  /** A file to which a line goes for each accepted verification: when it began, whether memory alone answered it (1 or 0), the key. */
  readonly acceptedFile?: string;
}

const settings = JSON.parse(process.env.VERIFIER_SETTINGS ?? "") as VerifierSettings;
const file = settings.acceptedFile === undefined ? null : openSync(settings.acceptedFile, "a");
const program = new VerifierProgram(await createVerifier(settings.options), (key, began, atOnce) => {
  if (file !== null) writeSync(file, `${began} ${atOnce ? 1 : 0} ${key}\n`);
});

process.stdout.write("{}\n");
createInterface({ input: process.stdin })
  .on("line", (line) => {
    void program.carryOut(JSON.parse(line) as VerifierCommand).then((answer) => {
      process.stdout.write(`${JSON.stringify(answer)}\n`);
    });
  })
  // The test is gone, or has had enough of it.
  .on("close", () => process.exit(0));
