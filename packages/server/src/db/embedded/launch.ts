import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Account, canReach, type RunAs } from "./account.ts";
import { EngineError, WAY_OUT } from "./errors.ts";
import type { EngineLogger } from "./types.ts";

/** Starts PostgreSQL's programs as the right user, bound to our life where the system can do that. */
export interface Launcher {
  spawn(program: string, args: readonly string[], stdin?: "pipe" | "ignore"): ChildProcess;
}

/**
 * `paths` are the directories that the programs must reach. Where one lies below a directory closed to their user (a
 * checkout in root's home), they are given one capability to pass through, as changing other people's directories is
 * not an option; where we hold none to give, throws DATA_DIR_UNREACHABLE.
 */
export async function prepareLauncher(
  runAs: RunAs,
  paths: readonly string[],
  logger: EngineLogger,
  held = heldCapabilities(),
): Promise<Launcher> {
  const bound = await setprivCanBind();
  if (runAs.kind === "self") return launcher(bound ? BIND : []);
  const { account } = runAs;
  const closed = paths.find((path) => !canReach(path, account));
  if (closed === undefined && !bound) return launcher([], { uid: account.uid, gid: account.gid });
  const become = ["--reuid", String(account.uid), "--regid", String(account.gid), "--clear-groups", "--no-new-privs"];
  if (closed === undefined) return launcher([...BIND, ...become]);
  const pass = bound ? passFor(closed, account, logger, held) : undefined;
  if (pass === undefined) {
    throw new EngineError(
      "DATA_DIR_UNREACHABLE",
      `The user ${account.name}, as which root runs PostgreSQL, cannot reach ${closed}: a directory above it is closed to others. ${WAY_OUT}.`,
    );
  }
  // no_setuid_fixup: else access(2), with which PostgreSQL looks for its programs, leaves the capability aside.
  const grant = ["--securebits", "+no_setuid_fixup", "--inh-caps", `-all,+${pass}`, "--ambient-caps", `-all,+${pass}`];
  return launcher([...BIND, ...become, ...grant]);
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is lost, no recovery at the next start. */
const BIND = ["setpriv", "--pdeathsig", "INT"];

const CAP_DAC_READ_SEARCH = 2n;
const CAP_SETPCAP = 8n;

/**
 * What lets PostgreSQL pass through a closed directory: to read and search any, never to write. That containers hold
 * CAP_DAC_OVERRIDE in its place does not help: with it a database could write what only root may.
 */
function passFor(closed: string, account: Account, logger: EngineLogger, held: HeldCapabilities): string | undefined {
  if (!held(CAP_SETPCAP) || !held(CAP_DAC_READ_SEARCH)) return undefined;
  logger.info(
    { directory: closed, user: account.name },
    "a directory above is closed to PostgreSQL's user: PostgreSQL gets CAP_DAC_READ_SEARCH to pass; set CLAVIGER_DATA_DIR to a directory that all can reach to spare it",
  );
  return "dac_read_search";
}

function launcher(prefix: readonly string[], ids?: { readonly uid: number; readonly gid: number }): Launcher {
  return {
    spawn(program, args, stdin = "ignore") {
      const [file = program, ...rest] = [...prefix, program, ...args];
      return spawn(file, rest, {
        // Ctrl-C in a terminal goes to its whole process group; PostgreSQL must outlast our own orderly stop.
        detached: true,
        cwd: "/",
        env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
        stdio: [stdin, "pipe", "pipe"],
        ...ids,
      });
    },
  };
}

/** setpriv of util-linux 2.33 or later; that of busybox cannot, and macOS has none. */
function setprivCanBind(): Promise<boolean> {
  if (process.platform !== "linux") return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile("setpriv", ["--pdeathsig", "INT", "true"], (error) => resolve(error === null));
  });
}

/** Whether we hold the capability of that number. */
type HeldCapabilities = (bit: bigint) => boolean;

function heldCapabilities(): HeldCapabilities {
  if (process.platform !== "linux") return () => false;
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const held = line === undefined ? 0n : BigInt(`0x${line}`);
  return (bit) => ((held >> bit) & 1n) === 1n;
}
