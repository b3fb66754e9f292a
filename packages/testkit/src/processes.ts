import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { NodeReport, NodeSettings } from "./node-process.ts";
import type { ShiftedNodeSettings } from "./shifted-node-process.ts";
import type { CrewCommand, CrewSettings } from "./verifier-crew.ts";
import type { VerifierSettings } from "./verifier-process.ts";
import type { VerifierReport } from "./verifier-program.ts";

interface Ended {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** Kills it where it still runs, and waits until it is gone. */
  end(): Promise<void>;
}

/** A node in a process of its own. */
export interface NodeProcess extends Ended {
  /** What the node says of itself now. Never answers while the process is frozen. */
  ask(): Promise<NodeReport>;
}

/** A program with one verifier in it, or several, in a process of its own; see `verifier-process.ts` and `verifier-crew.ts`. */
export interface VerifierProcess extends Ended {
  /** Never answers while the process is frozen. */
  ask<T = VerifierReport>(command: CrewCommand): Promise<T>;
}

interface Program extends Ended {
  /** The next line it answers with. */
  ask(line: string): Promise<unknown>;
}

/** Starts one; returns once it has joined the cluster. */
export async function nodeProcess(settings: NodeSettings): Promise<NodeProcess> {
  const program = await started("./node-process.ts", { NODE_SETTINGS: JSON.stringify(settings) });
  return { ...program, ask: () => program.ask("") as Promise<NodeReport> };
}

/** Starts a node that serves, with its wall clock at another time; returns once it does. */
export async function shiftedNodeProcess(settings: ShiftedNodeSettings): Promise<Ended & { readonly url: string }> {
  const program = await started("./shifted-node-process.ts", { NODE_SETTINGS: JSON.stringify(settings) });
  const { url } = (await program.ask("")) as { readonly url: string };
  return { ...program, url };
}

/** Starts one, with these variables in its environment; returns once its verifier is made. */
export async function verifierProcess(
  settings: VerifierSettings,
  environment: Readonly<Record<string, string>> = {},
): Promise<VerifierProcess> {
  const told = { VERIFIER_SETTINGS: JSON.stringify(settings), ...environment };
  return spoken(await started("./verifier-process.ts", told));
}

/** Starts one with a verifier in each of its threads or processes; returns once all of them are made. */
export async function verifierCrew(settings: CrewSettings): Promise<VerifierProcess> {
  return spoken(await started("./verifier-crew.ts", { CREW_SETTINGS: JSON.stringify(settings) }));
}

function spoken(program: Program): VerifierProcess {
  return { ...program, ask: <T>(command: CrewCommand) => program.ask(JSON.stringify(command)) as Promise<T> };
}

async function started(entry: string, environment: Readonly<Record<string, string>>): Promise<Program> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [fileURLToPath(new URL(entry, import.meta.url))],
    { env: { ...process.env, ...environment }, stdio: ["pipe", "pipe", "inherit"] },
  );
  // Somebody may write to one that has just been killed.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, "exit");
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error("the process ended");
    return JSON.parse(line.value) as unknown;
  };
  await next();
  return {
    pid: child.pid ?? 0,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
    signal: (name) => void child.kill(name),
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await gone;
    },
  };
}
