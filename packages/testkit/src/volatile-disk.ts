import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { waitFor } from "./wait.ts";

/**
 * A file system whose power can be taken away: ext4 on a block device that keeps for sure only what was flushed. Where none can
 * be had (not Linux, not root, no FUSE, no loop device, or mounting forbidden, as in most containers), an ordinary
 * directory, and a cut is then no more than `kill -9` of everything that works in it, which a line on stderr says.
 */
export interface VolatileDisk {
  readonly kind: "disk" | "directory";
  /** Mode 0755, empty at first. */
  readonly path: string;
  /**
   * Takes the power away and kills every process that works below `path`. What was not flushed is lost, kept or torn, block by
   * block, as `seed` has it. Says what became of those blocks. Whoever only has files open there is killed by the caller.
   */
  cut(seed: number): Promise<string>;
  /** After a cut, once nobody has a file open there any more: what is on the disk is there again. */
  restore(): Promise<void>;
  /** Removes everything. */
  close(): Promise<void>;
}

const ENTRY = fileURLToPath(new URL("./volatile-disk-process.ts", import.meta.url));
const BYTES = 2 ** 30;
const GONE_WITHIN_MS = 30_000;

/** What this machine lacks for a disk whose power can be taken away; null where it lacks nothing. */
export function lackedForPowerLoss(): string | null {
  if (process.platform !== "linux") return "Linux";
  if (process.getuid?.() !== 0) return "root";
  for (const path of ["/dev/fuse", "/dev/loop-control"]) if (!existsSync(path)) return path;
  try {
    accessSync("/dev/fuse", constants.R_OK | constants.W_OK);
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/tmp"], { stdio: "ignore" });
    execFileSync("mkfs.ext4", ["-V"], { stdio: "ignore" });
    return null;
  } catch {
    return "leave to mount, or mkfs.ext4";
  }
}

export async function volatileDisk(): Promise<VolatileDisk> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-disk-"));
  await chmod(dir, 0o755);
  const path = join(dir, "mounted");
  await mkdir(path);
  const lacked = lackedForPowerLoss();
  if (lacked !== null)
    return ordinaryDirectory(
      dir,
      path,
      `no power is lost here, as this machine lacks ${lacked}; kill -9 stands for it`,
    );
  const image = join(dir, "image");
  const device = join(dir, "device");
  for (const file of [image, device]) await (await open(file, "w", 0o600)).close();
  execFileSync("truncate", ["-s", String(BYTES), image]);
  execFileSync("mkfs.ext4", ["-q", "-F", image]);
  let disk = await powerUp(image, device, path);
  await chmod(path, 0o755);
  return {
    kind: "disk",
    path,
    cut: async (seed) => {
      const fates = await disk.cut(seed);
      await killAllIn(path);
      return fates;
    },
    restore: async () => {
      await disk.remove();
      disk = await powerUp(image, device, path);
    },
    close: async () => {
      await killAllIn(path);
      await disk.remove();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function ordinaryDirectory(dir: string, path: string, why: string): VolatileDisk {
  process.stderr.write(`${why}\n`);
  return {
    kind: "directory",
    path,
    cut: async () => {
      await killAllIn(path);
      return why;
    },
    restore: () => Promise.resolve(),
    close: async () => {
      await killAllIn(path);
      await rm(dir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

interface PoweredDisk {
  cut(seed: number): Promise<string>;
  /** Unmounts both, and may be repeated. */
  remove(): Promise<void>;
}

async function powerUp(image: string, device: string, path: string): Promise<PoweredDisk> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [ENTRY, image, String(BYTES), device, path],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const gone = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const say = async (): Promise<string> => String((await lines.next()).value ?? "the disk's process ended");
  const first = await say();
  if (first !== "ready") throw new TypeError(first);
  execFileSync("mount", ["-o", "loop", device, path]);
  return {
    cut: (seed) => {
      child.stdin.write(`cut ${seed}\n`);
      return say();
    },
    remove: async () => {
      await unmounted(path);
      await unmounted(device);
      // Killed, as nothing is left for it to do: a Node that ends by itself may hang in that (nodejs/node#54918).
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Whoever was killed a moment ago may still hold a file. */
async function unmounted(path: string): Promise<void> {
  await waitFor(
    () => {
      if (!isMounted(path)) return true;
      try {
        execFileSync("umount", [path], { stdio: "ignore" });
      } catch {
        return false;
      }
      return !isMounted(path);
    },
    { timeoutMs: GONE_WITHIN_MS, everyMs: 20, what: `${path} to be unmounted` },
  );
}

function isMounted(path: string): boolean {
  return readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .some((line) => line.split(" ")[1] === path);
}

async function killAllIn(path: string): Promise<void> {
  await waitFor(
    () => {
      const found = processesIn(path);
      for (const pid of found) killNow(pid);
      return found.length === 0;
    },
    { timeoutMs: GONE_WITHIN_MS, everyMs: 5, what: `the processes in ${path} to be gone` },
  );
}

/** Processes whose directory lies below `path`, or that were started with it in their command. */
function processesIn(path: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const state = /^\d+ \(.*\) (\S)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1];
        if (state === "Z") return false;
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
        return command.includes(`${path}/`) || `${readlinkSync(`/proc/${name}/cwd`)}/`.startsWith(`${path}/`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
