import { EXIT, type ExitCode } from "./exit-codes.ts";

/** An end that is told to the person at the terminal: the lines go to stderr as they are, without a stack. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = "Failure";
    this.exitCode = exitCode;
  }
}

export function usageFailure(message: string): Failure {
  return new Failure(EXIT.usage, `claviger: ${oneLine(message)}`);
}

/** A message on a single line, whatever it is made of. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " | ").trim();
}
