/** The command line as a process of its own, which a test may kill. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** Ends it without warning, and waits until it is gone. */
  kill9(): Promise<Finished>;
}

/** Starts one. `env` is all that it sees of settings, but for what Node.js needs. */
export function startCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const finished = finish(child);
  return {
    pid: child.pid ?? 0,
    finished,
    kill9: () => {
      child.kill("SIGKILL");
      return finished;
    },
  };
}

/** Runs one to its end; throws with what it said where it does not succeed. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const finished = await startCommand(args, env).finished;
  if (finished.code !== 0) throw new Error(`claviger ${args.join(" ")}: ${finished.code}\n${finished.stderr}`);
  return finished;
}

async function finish(child: ChildProcess): Promise<Finished> {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}
