import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RunAs } from "./account.ts";
import { canReach } from "./account.ts";
import { EngineError, WAY_OUT } from "./errors.ts";

/** Starts PostgreSQL's programs as the right user, bound to our life where the system can do that. */
export interface Launcher {
  /** True where the programs are killed by the kernel when we die. */
  readonly bound: boolean;
  /** True where the programs may read what their user may not, because a directory above is closed to it. */
  readonly readsAll: boolean;
  spawn(program: string, args: readonly string[], stdin?: "pipe" | "ignore"): ChildProcess;
}

const CAP_SETPCAP = 8n;
const CAP_DAC_READ_SEARCH = 2n;

/**
 * `paths` are the directories that the programs must reach. Where one lies below a directory closed to their user (a
 * checkout in a `mktemp -d` made by root), they are given the one capability to pass and read, never to write; without
 * it, throws DATA_DIR_UNREACHABLE. Changing other people's directories is not an option.
 */
export async function prepareLauncher(runAs: RunAs, paths: readonly string[]): Promise<Launcher> {
  const bound = await setprivCanBind();
  if (runAs.kind === "self") return launcher({ prefix: bound ? BIND : [], bound, readsAll: false });
  const { account } = runAs;
  const closed = paths.find((path) => !canReach(path, account));
  const ids = ["--reuid", String(account.uid), "--regid", String(account.gid), "--clear-groups", "--no-new-privs"];
  if (closed === undefined) {
    if (bound) return launcher({ prefix: [...BIND, ...ids], bound, readsAll: false });
    return launcher({ prefix: [], bound, readsAll: false, ids: { uid: account.uid, gid: account.gid } });
  }
  if (!bound || !hasCapabilities(CAP_SETPCAP, CAP_DAC_READ_SEARCH)) {
    throw new EngineError(
      "DATA_DIR_UNREACHABLE",
      `The user ${account.name}, as which root runs PostgreSQL, cannot reach ${closed}: a directory above it is closed to others. ${WAY_OUT}.`,
    );
  }
  return launcher({ prefix: [...BIND, ...ids, ...READ_ALL], bound, readsAll: true });
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, nothing is lost, no recovery at the next start. */
const BIND = ["setpriv", "--pdeathsig", "INT"];

/** no_setuid_fixup: else access(2), by which PostgreSQL looks for its programs, leaves the capability aside. */
const READ_ALL = [
  "--securebits",
  "+no_setuid_fixup",
  "--inh-caps",
  "-all,+dac_read_search",
  "--ambient-caps",
  "-all,+dac_read_search",
];

interface Plan {
  readonly prefix: readonly string[];
  readonly bound: boolean;
  readonly readsAll: boolean;
  readonly ids?: { readonly uid: number; readonly gid: number };
}

function launcher(plan: Plan): Launcher {
  return {
    bound: plan.bound,
    readsAll: plan.readsAll,
    spawn(program, args, stdin = "ignore") {
      const [file = program, ...rest] = [...plan.prefix, program, ...args];
      return spawn(file, rest, {
        // Ctrl-C in a terminal goes to its whole process group; PostgreSQL must outlast our own orderly stop.
        detached: true,
        cwd: "/",
        env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
        stdio: [stdin, "pipe", "pipe"],
        ...plan.ids,
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

function hasCapabilities(...wanted: readonly bigint[]): boolean {
  const line = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  const held = line === undefined ? 0n : BigInt(`0x${line}`);
  return wanted.every((bit) => ((held >> bit) & 1n) === 1n);
}
