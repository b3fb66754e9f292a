/** Starts what the demonstration needs, each as a process of its own, and ends all of it. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openEngine } from "../../packages/server/src/index.ts";

const CLAVIGER = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const SERVICE = fileURLToPath(new URL("service.js", import.meta.url));
const LEASE_MS = 2_000;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A program that says `ready <address>` when it serves. */
class Program {
  constructor(args, env) {
    this.args = args;
    this.env = env;
    this.child = null;
  }

  get runs() {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves with its address. */
  start() {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, this.args, {
      env: { PATH, HOME, ...this.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    let said = "";
    return new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (bytes) => {
          said += bytes;
          const ready = /^ready (\S+)$/m.exec(said);
          if (ready !== null) resolve(ready[1]);
        });
      }
      child.once("exit", () => reject(new Error(`a program ended before it served:\n${said}`)));
    });
  }

  /** Sends the signal and resolves once the process is gone. */
  async end(signal) {
    if (!this.runs) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await gone;
  }
}

/** Three nodes on one PostgreSQL, each at an address that it keeps when it starts anew. */
export async function startCluster(managementKey) {
  const folder = await mkdtemp(join(tmpdir(), "claviger-killed-node-"));
  const postgres = await openPostgres(folder);
  const shared = {
    DATABASE_URL: postgres.node,
    DATABASE_MIGRATION_URL: postgres.owner,
    CLAVIGER_MASTER_KEY: randomBytes(32).toString("base64"),
    CLAVIGER_MANAGEMENT_KEY: managementKey,
    CLAVIGER_LEASE_MS: String(LEASE_MS),
    CLAVIGER_DRAIN_MS: "0",
    CLAVIGER_LOG_LEVEL: "error",
  };
  const nodes = [];
  for (const name of ["a", "b", "c"]) {
    const env = { ...shared, CLAVIGER_DATA_DIR: join(folder, name), CLAVIGER_PORT: String(await freePort()) };
    const program = new Program([CLAVIGER, "serve"], env);
    nodes.push({ name, program, url: await program.start() });
  }
  return {
    nodes,
    stop: async () => {
      await Promise.all(nodes.map(({ program }) => program.end("SIGTERM")));
      await postgres.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export async function startService(env) {
  const program = new Program([SERVICE], { PORT: "0", ...env });
  return { url: await program.start(), stop: () => program.end("SIGTERM") };
}

/** Yours, where DATABASE_URL says so; else the one that Claviger brings along, which is not among what is killed. */
async function openPostgres(folder) {
  const { DATABASE_URL = "", DATABASE_MIGRATION_URL = DATABASE_URL } = process.env;
  if (DATABASE_URL !== "") return { node: DATABASE_URL, owner: DATABASE_MIGRATION_URL, stop: async () => undefined };
  const engine = await openEngine({ dataDir: join(folder, "postgres"), logger: SILENT });
  return { node: urlOf(engine.direct), owner: urlOf(engine.owner), stop: () => engine.stop() };
}

/** It listens on a socket in the file system only. */
function urlOf({ host, port, user, password, database }) {
  const socket = `host=${encodeURIComponent(host)}&port=${port}`;
  return `postgres://${user}:${encodeURIComponent(password)}@localhost/${database}?${socket}`;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
