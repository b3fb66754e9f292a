import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { NodeReport, NodeSettings } from "./node-process.ts";

/** A node in a process of its own. */
export interface NodeProcess {
  readonly pid: number;
  /** What the node says of itself now. Never answers while the process is frozen. */
  ask(): Promise<NodeReport>;
  signal(name: NodeJS.Signals): void;
  /** Kills it where it still runs, and waits until it is gone. */
  end(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL("./node-process.ts", import.meta.url));

/** Starts one; returns once it has joined the cluster. */
export async function nodeProcess(settings: NodeSettings): Promise<NodeProcess> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [ENTRY], {
    env: { ...process.env, NODE_SETTINGS: JSON.stringify(settings) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const gone = once(child, "exit");
  const next = async (): Promise<NodeReport> => {
    const line = await lines.next();
    if (line.done === true) throw new Error("the node ended");
    return JSON.parse(line.value) as NodeReport;
  };
  await next();
  return {
    pid: child.pid ?? 0,
    ask: () => {
      child.stdin.write("\n");
      return next();
    },
    signal: (name) => void child.kill(name),
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await gone;
    },
  };
}
