import type { Readable } from "node:stream";

/** The world outside of a command: where it reads, writes and looks for settings. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly stdin: Readable;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** One line, or several, for the caller; the line break is added. */
  out(text: string): void;
  /** Text for the caller without a line break; resolves once there is room for more. */
  outRaw(text: string): Promise<void>;
  /** One line, or several, for the person at the terminal; the line break is added. */
  err(text: string): void;
  /** Text for the terminal without a line break; only for progress and questions. */
  errRaw(text: string): void;
}

export function processIo(): Io {
  return {
    env: process.env,
    workingDirectory: process.cwd(),
    stdin: process.stdin,
    stdinIsTerminal: process.stdin.isTTY === true,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    out: (text) => void process.stdout.write(`${text}\n`),
    outRaw: (text) =>
      new Promise((resolve, reject) => {
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    err: (text) => void process.stderr.write(`${text}\n`),
    errRaw: (text) => void process.stderr.write(text),
  };
}
