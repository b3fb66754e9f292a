/** Where root may mount, on a small file system of its own; elsewhere by what the system and PostgreSQL say of a full one. */
import { execFileSync } from "node:child_process";
import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { programFailure } from "./cluster.ts";
import { storageError } from "./errors.ts";
import { expectRefusal, isRoot, query, scratch, start } from "./testing.ts";

const WAYS_OUT = ["CLAVIGER_DATA_DIR", "DATABASE_URL"];
const canMount = isRoot && process.platform === "linux" && mounts();

describe("on a full disk", () => {
  test("what the system and PostgreSQL say of it becomes one line", async () => {
    const system = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    await expectRefusal(Promise.reject(storageError(system, "/d")), "DISK_FULL", "/d", ...WAYS_OUT);
    const said = 'FATAL:  could not write lock file "postmaster.pid": No space left on device\n';
    const failure = programFailure(said, "/d", "START_FAILED", "It did not start");
    await expectRefusal(Promise.reject(failure), "DISK_FULL", "/d", ...WAYS_OUT);
  });

  test("while binaries are copied, the first start is refused, and succeeds when there is room", () => firstStart(30));

  test("in initdb, the first start is refused, and succeeds when there is room", () => firstStart(75));

  test("a later start is refused, and nothing is lost", async () => {
    const dir = await smallDisk(400);
    const first = await start(join(dir, "data"));
    await query(first.ownerUrl, "CREATE TABLE t AS SELECT 7 AS a");
    await first.stop();
    if (canMount) {
      await fill(dir);
      await expectRefusal(start(join(dir, "data")), "DISK_FULL", join(dir, "data"), ...WAYS_OUT);
      await rm(join(dir, "filler"));
    }
    expect(await query((await start(join(dir, "data"))).ownerUrl, "SELECT a FROM t")).toEqual([{ a: 7 }]);
  });
});

async function firstStart(megabytes: number): Promise<void> {
  const dir = await smallDisk(megabytes);
  if (canMount) {
    await expectRefusal(start(join(dir, "data")), "DISK_FULL", join(dir, "data"), ...WAYS_OUT);
    execFileSync("mount", ["-o", "remount,size=400m", dir]);
  }
  await start(join(dir, "data"));
}

/** A file system of that many megabytes; where none can be made, a directory. */
async function smallDisk(megabytes: number): Promise<string> {
  const dir = await scratch();
  if (!canMount) return dir;
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "none", dir]);
  // Runs before the directory is removed, and after servers have been stopped: last registered, first run.
  onTestFinished(() => {
    execFileSync("umount", ["-l", dir]);
  });
  return dir;
}

async function fill(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  await writeFile(join(dir, "filler"), Buffer.alloc(bavail * bsize));
}

/** Containers often do not let even root mount. */
function mounts(): boolean {
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/tmp"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
