import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { listen } from "../../server/src/http/listen.ts";
import {
  type App,
  createApp,
  createLogger,
  type House,
  loadConfig,
  systemClock,
  systemRandom,
} from "../../server/src/index.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { waitFor } from "./wait.ts";

/** Settings of the service, beside those that a test needs anyway. */
export type Settings = Readonly<Record<string, string>>;

export interface ServiceOptions {
  readonly env?: Settings;
  /** `own`: the embedded server under `dataDir`. `shared`: a database of this test alone on the server of the run. Default `own`. */
  readonly database?: "own" | "shared" | TestDatabase;
  /** Default: a new directory, removed at `stop`. */
  readonly dataDir?: string;
}

/** The service as a process of its own, as an operator runs it. */
export interface Service {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** As it was printed; empty where none was. */
  readonly managementKey: string;
  /** Milliseconds from the start of the process to its `ready` line, of the last start. */
  readonly readyMs: number;
  /** Everything that was written to stdout and stderr so far, over all starts. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Ends the process without warning and waits until it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same data, on a new port, with other settings where given; asks it to end before where it still runs. */
  restart(more?: Settings): Promise<void>;
  /** Asks it to end, waits, and removes what was made for it. */
  stop(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL("../../cli/src/main.ts", import.meta.url));
const MANIFEST = new URL("../../../package.json", import.meta.url);
const READY_WITHIN_MS = 50_000;
const STOP_WITHIN_MS = 25_000;
export const MASTER_KEY = Buffer.alloc(32, "claviger test master key").toString("base64");

/** Starts it and returns once it serves. Throws with its output where it does not. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const database = options.database === "shared" ? await testDatabase() : options.database;
  const env = {
    CLAVIGER_PORT: "0",
    // Suites fail to authenticate on purpose and often; the throttle has tests of its own.
    CLAVIGER_FAILED_ATTEMPTS: "0",
    CLAVIGER_DRAIN_MS: "0",
    CLAVIGER_DATA_DIR: dataDir,
    ...(database === undefined || database === "own" ? {} : externalSettings(database)),
    ...options.env,
  };
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  let run = await launch(env, write, () => output);
  let managementKey = run.managementKey;
  return {
    get url() {
      return run.url;
    },
    get pid() {
      return run.child.pid ?? 0;
    },
    get readyMs() {
      return run.readyMs;
    },
    get managementKey() {
      return managementKey;
    },
    dataDir,
    output: () => output,
    signal: (name) => void run.child.kill(name),
    kill9: () => end(run.child, "SIGKILL"),
    restart: async (more = {}) => {
      await end(run.child, "SIGTERM");
      run = await launch({ ...env, ...more }, write, () => output);
      if (run.managementKey !== "") managementKey = run.managementKey;
    },
    stop: async () => {
      await end(run.child, "SIGTERM");
      if (options.database === "shared" && typeof database === "object") await database.drop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function newDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-service-"));
  // As root, PostgreSQL's user must pass through.
  await chmod(dir, 0o711);
  return join(dir, "data");
}

/** What an operator sets for a database of their own. */
export function externalSettings(database: TestDatabase): Settings {
  return {
    DATABASE_URL: urlOf(database.node),
    DATABASE_MIGRATION_URL: urlOf(database.owner),
    CLAVIGER_MASTER_KEY: MASTER_KEY,
  };
}

/** A connection as a URL; a socket directory goes into the parameters, as libpq has it. */
export function urlOf(connection: pg.ClientConfig): string {
  const { host = "127.0.0.1", port = 5432, user = "", password = "", database = "" } = connection;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(String(password))}`;
  const [name, parameters] = host.startsWith("/") ? ["localhost", `?host=${encodeURIComponent(host)}`] : [host, ""];
  return `postgres://${login}@${name}:${port}/${encodeURIComponent(database)}${parameters}`;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface Run {
  readonly child: Child;
  readonly url: string;
  readonly managementKey: string;
  readonly readyMs: number;
}

async function launch(env: Settings, write: (text: string) => void, output: () => string): Promise<Run> {
  const started = systemClock.mono();
  const inherited = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", TMPDIR: tmpdir() };
  const child: Child = spawn(process.execPath, [...nodeOptions(), ENTRY, "serve"], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.on("data", (bytes: Buffer) => write(bytes.toString()));
  let url = "";
  let managementKey = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    write(`${line}\n`);
    managementKey = /^management key \(shown once\): (\S+)$/.exec(line)?.[1] ?? managementKey;
    url = /^ready (\S+)$/.exec(line)?.[1] ?? url;
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitFor(() => url !== "" || ended(), { timeoutMs: READY_WITHIN_MS, what: "the ready line" });
  if (url === "") throw new Error(`the service did not start:\n${output()}`);
  return { child, url, managementKey, readyMs: Math.round(systemClock.mono() - started) };
}

/** What `npm start` tells Node.js itself. */
function nodeOptions(): string[] {
  const { start } = (JSON.parse(readFileSync(MANIFEST, "utf8")) as { scripts: { start: string } }).scripts;
  const [, options] = /^exec node ((?:--\S+ )*)packages/.exec(start) ?? [];
  if (options === undefined) throw new TypeError(`not a command of Node.js: ${start}`);
  return options.split(" ").filter((option) => option !== "");
}

async function end(child: Child, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  // Somebody who was stopped hears of nothing before going on.
  if (signal === "SIGTERM") child.kill("SIGCONT");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await gone;
  clearTimeout(late);
}

/** The service inside this process, over a database of its own: quicker, and with a clock that a test may set. */
export interface TestApp {
  /** Where it listens. */
  readonly url: string;
  /** The handler behind it, where the caller may pretend to come from any address. */
  readonly fetch: App["fetch"];
  readonly managementKey: string;
  readonly database: TestDatabase;
  readonly config: House["config"];
  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly env?: Settings;
  readonly house?: Partial<House>;
  /** Several apps over one database are the nodes of one cluster. */
  readonly database?: TestDatabase;
}

export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await testDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), "claviger-app-"));
  const config = loadConfig(
    { CLAVIGER_DATA_DIR: dataDir, CLAVIGER_FAILED_ATTEMPTS: "0", CLAVIGER_LOG_LEVEL: "error", ...options.env },
    dataDir,
  );
  const app = await createApp({
    config,
    node: database.node as House["node"],
    direct: database.node as House["direct"],
    roles: database.roles,
    masterKey: Buffer.from(MASTER_KEY, "base64"),
    clock: systemClock,
    random: systemRandom,
    logger: createLogger(config.logLevel),
    ...options.house,
  });
  const generated = await app.start();
  const listener = await listen(app.fetch, "127.0.0.1", 0, app.hotPath, app.upgrade);
  app.setUrl(listener.url);
  return {
    url: listener.url,
    fetch: app.fetch,
    managementKey: generated?.reveal() ?? options.env?.CLAVIGER_MANAGEMENT_KEY ?? "",
    database,
    config,
    stop: async () => {
      await Promise.all([listener.stop(), app.leave()]);
      await app.stop();
      await rm(dataDir, { recursive: true, force: true });
      if (options.database === undefined) await database.drop();
    },
  };
}
