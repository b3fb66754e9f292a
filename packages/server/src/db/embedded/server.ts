import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../kernel/clock.ts";
import { programFailure } from "./cluster.ts";
import { PORT } from "./config.ts";
import type { Launcher } from "./launch.ts";
import type { Layout } from "./layout.ts";
import { stopOrphan } from "./orphan.ts";
import type { EngineLogger } from "./types.ts";

/** A PostgreSQL that takes connections. */
export interface Server {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly exited: Promise<{ code: number | null }>;
  /** Ends all sessions and the server; waits until it is gone. */
  stop(): Promise<void>;
}

const POLL_MS = 5;
const PATIENCE_MS = 10_000;
const RETRY_MS = 10_000;
const KEPT_OUTPUT = 8_000;

/**
 * Starts the server and waits until it takes connections, however long recovery takes: a server that is still alive is
 * making progress. Throws START_FAILED or DISK_FULL when it ends instead.
 */
export async function startServer(
  layout: Layout,
  launcher: Launcher,
  socketDir: string,
  logger: EngineLogger,
): Promise<Server> {
  const end = systemClock.mono() + RETRY_MS;
  for (;;) {
    const attempt = launch(layout, launcher, socketDir);
    const outcome = await ready(attempt, layout, logger);
    if (outcome === "ready") return attempt.server(logger);
    // The last processes of a server that was killed hold its shared memory for a moment more.
    const waits = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(attempt.said());
    if (!waits || systemClock.mono() >= end) {
      const said = `${attempt.said()}\n${await lastLog(layout)}`;
      throw programFailure(said, layout.dataDir, "START_FAILED", "The embedded PostgreSQL did not start");
    }
    // A server that a killed start had just begun to launch shows itself only now.
    await stopOrphan(layout.pgData, logger);
    await sleep(POLL_MS * 20);
  }
}

interface Attempt {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null }>;
  readonly hasEnded: () => boolean;
  readonly said: () => string;
  server(logger: EngineLogger): Server;
}

function launch(layout: Layout, launcher: Launcher, socketDir: string): Attempt {
  const child = launcher.spawn(join(layout.runtimeDir, "bin", "postgres"), serverArguments(layout, socketDir));
  let said = "";
  let over = false;
  const note = (chunk: string): void => {
    said = (said + chunk).slice(-KEPT_OUTPUT);
  };
  // Where the kernel does not bind the server to us, this covers all ends of ours but a kill.
  const endWithUs = (): void => {
    child.kill("SIGINT");
  };
  process.once("exit", endWithUs);
  child.stdout?.setEncoding("utf8").on("data", note);
  child.stderr?.setEncoding("utf8").on("data", note);
  const ended = new Promise<{ code: number | null }>((resolve) => {
    const end = (code: number | null): void => {
      over = true;
      process.off("exit", endWithUs);
      resolve({ code });
    };
    child.once("error", (error) => {
      note(`FATAL: ${error.message}\n`);
      end(null);
    });
    child.once("exit", end);
  });
  const server = (logger: EngineLogger): Server => ({
    pid: child.pid ?? 0,
    exited: ended,
    stop: () => stopChild(child, ended, () => over, logger),
  });
  return { child, ended, hasEnded: () => over, said: () => said, server };
}

/** What must hold whatever the settings' files say comes on the command line, which wins. */
function serverArguments(layout: Layout, socketDir: string): string[] {
  const settings = {
    config_file: layout.configFile,
    hba_file: layout.hbaFile,
    listen_addresses: "",
    port: String(PORT),
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
  };
  return ["-D", layout.pgData, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}

async function ready(attempt: Attempt, layout: Layout, logger: EngineLogger): Promise<"ready" | "ended"> {
  let told = systemClock.mono();
  for (;;) {
    if (attempt.hasEnded()) return "ended";
    if (await takesConnections(layout.pgData, attempt.child.pid)) return "ready";
    if (systemClock.mono() - told > PATIENCE_MS) {
      told = systemClock.mono();
      logger.info({ pid: attempt.child.pid }, "the embedded PostgreSQL is still recovering");
    }
    await sleep(POLL_MS);
  }
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid, which is what pg_ctl waits for. */
async function takesConnections(pgData: string, pid: number | undefined): Promise<boolean> {
  const text = await readFile(join(pgData, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<unknown>,
  over: () => boolean,
  logger: EngineLogger,
): Promise<void> {
  if (!over()) child.kill("SIGINT");
  const nag = setInterval(() => {
    logger.warn({ pid: child.pid }, "still waiting for the embedded PostgreSQL to stop");
  }, PATIENCE_MS);
  await ended;
  clearInterval(nag);
}

/** The end of the newest log: what goes wrong after the log has been opened is said only there. */
async function lastLog(layout: Layout): Promise<string> {
  const current = new Date(systemClock.wall()).toUTCString().slice(0, 3);
  const text = await readFile(join(layout.pgData, "log", `postgresql-${current}.log`), "utf8").catch(() => "");
  return text.slice(-KEPT_OUTPUT);
}
