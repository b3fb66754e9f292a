/** For tests of this package: the real command line and the real service, as processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

type Settings = Readonly<Record<string, string>>;

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end. `env` is all it sees of this process's settings, but for what Node needs. */
export async function claviger(args: readonly string[], env: Settings = {}, stdin = ""): Promise<Finished> {
  const child = start(args, env);
  const output = collect(child);
  // A command that ends early closes its input.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(stdin);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

export interface Service {
  readonly url: string;
  /** Printed at the first start of a data directory; null later. */
  readonly managementKey: string | null;
  readonly pid: number;
  /** Of the embedded PostgreSQL. */
  readonly postgresPid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** SIGTERM, and waits. */
  stop(): Promise<void>;
}

/** Starts `claviger serve`, or a command like it, on a free port; settles once it is ready. Rejects with what it said when it ends instead. */
export async function startService(dataDir: string, env: Settings = {}, command = "serve"): Promise<Service> {
  const child = start([command], { CLAVIGER_PORT: "0", CLAVIGER_DATA_DIR: dataDir, ...env });
  child.stdin?.end();
  const output = collect(child);
  const ended = new Promise<Awaited<Service["ended"]>>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const lines = child.stdout === null ? [] : createInterface({ input: child.stdout });
  let managementKey: string | null = null;
  for await (const line of lines) {
    managementKey = /^management key.*: (\S+)$/.exec(line)?.[1] ?? managementKey;
    const url = /^ready (\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    const signal = (name: NodeJS.Signals): void => void child.kill(name);
    const stop = async (): Promise<void> => {
      signal("SIGTERM");
      await ended;
    };
    const postgresPid = await postmasterOf(dataDir);
    const said = { stdout: () => output.stdout, stderr: () => output.stderr };
    return { url, managementKey, pid: child.pid ?? 0, postgresPid, ...said, signal, ended, stop };
  }
  throw new Error(`the service ended: ${output.stderr}`);
}

export interface Program {
  /** What it printed behind `ready`. */
  readonly address: string;
  /** SIGTERM, and waits. */
  stop(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts a command that serves and says so with `ready <address>`. Rejects with what it said when it ends instead. */
export async function startProgram(args: readonly string[], env: Settings): Promise<Program> {
  const child = start(args, env);
  child.stdin?.end();
  const output = collect(child);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  for await (const line of child.stdout === null ? [] : createInterface({ input: child.stdout })) {
    const address = /^ready (\S+)$/.exec(line)?.[1];
    if (address === undefined) continue;
    return {
      address,
      stop: () => {
        child.kill("SIGTERM");
        return ended;
      },
    };
  }
  throw new Error(`it ended: ${output.stderr}`);
}

/** A directory for one installation, which PostgreSQL's user may pass through, and its end. */
export async function scratch(): Promise<{ readonly dataDir: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "claviger-cli-"));
  await chmod(root, 0o711);
  return {
    dataDir: join(root, "data"),
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 10 }),
  };
}

export interface Installation {
  readonly url: string;
  readonly dataDir: string;
  readonly managementKey: string;
  /** What commands need to reach it. */
  readonly settings: Settings;
  run(...args: string[]): Promise<Finished>;
  close(): Promise<void>;
}

/** An installation of its own whose service runs, for commands over the API. */
export async function startInstallation(): Promise<Installation> {
  const managementKey = "a-management-key-for-tests";
  const place = await scratch();
  const service = await startService(place.dataDir, { CLAVIGER_MANAGEMENT_KEY: managementKey });
  const settings = { CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: managementKey };
  return {
    ...{ url: service.url, dataDir: place.dataDir, managementKey, settings },
    run: (...args) => claviger(args, settings),
    close: async () => {
      await service.stop();
      await place.remove();
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function start(args: readonly string[], env: Settings): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [MAIN, ...args], { cwd: tmpdir(), env: { PATH, HOME, ...env }, stdio: "pipe" });
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  return output;
}

async function postmasterOf(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, "postgres", "data", "postmaster.pid"), "utf8"), 10);
}
