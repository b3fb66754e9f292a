/** What the engine's tests share: scratch directories, processes of their own, and an end to both. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, statfsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";
import { canReach } from "./account.ts";
import {
  type ConnectionSettings,
  type EmbeddedPostgres,
  EngineError,
  type EngineErrorCode,
  startEmbedded,
} from "./index.ts";
import type { Platform } from "./platform.ts";
import { inspectProcess } from "./processes.ts";
import type { EngineLogger } from "./types.ts";
import { waitUntil } from "./wait.ts";

export const isRoot = process.getuid?.() === 0;

/** A file system in memory where there is a roomy one that runs programs: clusters are many small files and syncs. */
export function scratchBase(): string {
  const [, , , options = ""] = mounts().find(([, path]) => path === "/dev/shm") ?? [];
  if (options === "" || options.split(",").includes("noexec")) return tmpdir();
  const { bavail, bsize } = statfsSync("/dev/shm");
  return bavail * bsize > 4 * 2 ** 30 ? "/dev/shm" : tmpdir();
}

function mounts(): string[][] {
  if (process.platform !== "linux") return [];
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" "));
}

/** A directory for one test; afterwards every process that names it is killed and it is removed. */
export async function scratch(mode = 0o755): Promise<string> {
  const dir = await mkdtemp(join(scratchBase(), "claviger-engine-"));
  await chmod(dir, mode);
  onTestFinished(async () => {
    await endProcesses(dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 10 });
  }, 30_000);
  return dir;
}

/**
 * Call at the top of a test file: gives a function that makes a data directory in which a cluster is ready, which is
 * quicker than a first start. `mode` is that of the directory above.
 */
export function useSeeds(): (mode?: number) => Promise<string> {
  let seed = "";
  beforeAll(async () => {
    seed = await mkdtemp(join(scratchBase(), "claviger-seed-"));
    await (await startEmbedded({ dataDir: join(seed, "data"), logger: recorder().logger })).stop();
  });
  afterAll(() => rm(seed, { recursive: true, force: true }));
  return async (mode) => {
    const dir = await scratch(mode);
    // tar keeps owners and, unlike cp, does not look for holes, which takes longer than the copy.
    execFileSync("sh", ["-c", 'tar -C "$1" -cf - data | tar -C "$2" -xpf -', "sh", seed, dir]);
    return join(dir, "data");
  };
}

export interface Line {
  readonly level: "info" | "warn";
  readonly message: string;
}

export function recorder(): { logger: EngineLogger; lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: Line["level"]) => (_fields: object, message: string) => {
    lines.push({ level, message });
  };
  return { logger: { info: at("info"), warn: at("warn") }, lines };
}

export interface StartChoices {
  readonly logger?: EngineLogger;
  readonly onExit?: (exit: { code: number | null }) => void;
  readonly platform?: Platform;
}

/** Starts in this process; stopped after the test unless it was before. */
export async function start(dataDir: string, choices: StartChoices = {}): Promise<EmbeddedPostgres> {
  const embedded = await startEmbedded({ dataDir, logger: recorder().logger, ...choices });
  onTestFinished(() => embedded.stop(), 30_000);
  return embedded;
}

export interface StartedChild {
  readonly process: ChildProcess;
  /** The server's process id, or the refusal's code and message. */
  readonly outcome: Promise<{ pid: number } | { code: string; message: string } | { ended: string }>;
}

/** Starts the engine in a Node process of its own, through `wrapper` (setpriv and the like) where one is given. */
export function startInChild(
  dataDir: string,
  choices: { readonly wrapper?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): StartedChild {
  const script = `
    const { startEmbedded } = await import(process.argv[1]);
    const tell = (o) => process.stdout.write(JSON.stringify(o) + "\\n");
    const logger = { info() {}, warn() {} };
    const stop = await startEmbedded({ dataDir: process.argv[2], logger }).then(
      (e) => (tell({ pid: e.pid }), () => e.stop()),
      (e) => (tell({ code: e.code ?? "none", message: e.message }), () => undefined),
    );
    process.stdin.resume().once("end", stop);`;
  const args = ["--input-type=module", "-e", script, join(import.meta.dirname, "index.ts"), dataDir];
  const [file = process.execPath, ...rest] = [...(choices.wrapper ?? []), process.execPath, ...args];
  const child = spawn(file, rest, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...choices.env } });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const outcome = new Promise<Awaited<StartedChild["outcome"]>>((resolve, reject) => {
    let said = "";
    let noise = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      noise += text;
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) resolve(JSON.parse(said));
    });
    child.once("error", reject);
    child.once("close", () => resolve({ ended: noise }));
  });
  return { process: child, outcome };
}

/** Ends a child by closing its input, which stops its server in order. */
export async function stopChild(child: StartedChild): Promise<void> {
  const closed = new Promise((resolve) => child.process.once("close", resolve));
  child.process.stdin?.end();
  await closed;
}

/** Runs Node as an unprivileged user; where the checkout is closed to it, with the capability to read it. */
export function asUser(uid: number, gid: number): readonly string[] {
  const ids = ["setpriv", "--reuid", String(uid), "--regid", String(gid), "--clear-groups"];
  if (canReach(import.meta.dirname, { uid, gid, name: "" })) return ids;
  return [...ids, "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"];
}

/** One statement on one connection. */
export async function query(settings: ConnectionSettings, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ ...settings });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Expects a refusal of that code, in one line, that names each of the words. */
export async function expectRefusal(
  work: Promise<unknown>,
  code: EngineErrorCode,
  ...words: readonly string[]
): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(EngineError);
  expectLine(error, code, words);
}

/** As expectRefusal, for what a child told. */
export function expectLine(told: unknown, code: EngineErrorCode, words: readonly string[]): void {
  expect(told).toMatchObject({ code });
  const message = typeof told === "object" && told !== null && "message" in told ? String(told.message) : "";
  expect(message).not.toContain("\n");
  for (const word of words) expect(message).toContain(word);
}

export async function until(condition: () => Promise<boolean> | boolean, forMs = 15_000): Promise<void> {
  expect(await waitUntil(condition, { forMs, everyMs: 2 }), `within ${forMs} ms: ${condition}`).toBe(true);
}

export async function isAlive(pid: number): Promise<boolean> {
  const facts = await inspectProcess(pid);
  return facts !== undefined && !facts.zombie;
}

/** A line of the process's status, `Uid` for example; outside Linux there are no capabilities, so they are 0. */
export function statusOf(pid: number, field: string): string {
  if (process.platform !== "linux") {
    return field === "Uid" ? execFileSync("ps", ["-o", "uid=", "-p", String(pid)], { encoding: "utf8" }).trim() : "0";
  }
  return new RegExp(`^${field}:[ \\t]*(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";
}

function processesNaming(dir: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(dir);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** In order first: a server that is killed leaves its shared memory behind. */
async function endProcesses(dir: string): Promise<void> {
  for (const name of ["SIGINT", "SIGKILL"] as const) {
    for (const pid of processesNaming(dir)) signal(pid, name);
    if (await waitUntil(() => processesNaming(dir).length === 0, { forMs: 5_000, everyMs: 10 })) return;
  }
  throw new TypeError(`processes that name ${dir} do not end`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

/** Kills a first start as soon as `reached` is true of its data directory, and proves that the next one makes everything. */
export async function surviveFirstStart(reached: (dir: string) => Promise<boolean>): Promise<void> {
  const dir = join(await scratch(), "data");
  const child = startInChild(dir);
  await until(() => reached(dir));
  await killed(child.process);
  const { ownerUrl, stop } = await start(dir);
  await query(ownerUrl, "CREATE TABLE t AS SELECT 7 AS a");
  expect((await readdir(dir)).sort()).toEqual(["lock", "lock.pid", "pg-runtime", "postgres", "run"]);
  await stop();
}

export async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Whether the directory holds an entry of such a name. */
export async function has(dir: string, name: RegExp): Promise<boolean> {
  return (await readdir(dir).catch(() => [])).some((entry) => name.test(entry));
}

/** Whether the cluster that is being made holds that file; also true once it is in place. */
export async function draftHas(dir: string, path: string): Promise<boolean> {
  const draft = (await readdir(dir).catch(() => [])).find((entry) => entry.startsWith("postgres."));
  if (draft === undefined) return has(dir, /^postgres$/);
  return stat(join(dir, draft, path)).then(
    () => true,
    () => false,
  );
}
