/** As root, and as the users root can become: needs root, which CI and containers have. */
import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chooseAccount } from "./account.ts";
import {
  asUser,
  expectLine,
  expectRefusal,
  isRoot,
  query,
  recorder,
  scratch,
  start,
  startInChild,
  statusOf,
  stopChild,
  useSeeds,
} from "./testing.ts";

const NOBODY = Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }));
const onLinuxAsRoot = describe.runIf(isRoot && process.platform === "linux");

const seeded = useSeeds();

onLinuxAsRoot("as root", () => {
  test("PostgreSQL runs as an ordinary user that exists, with no capability and no way to gain one", async () => {
    const dir = await seeded();
    const { pid } = await start(dir);
    expect(statusOf(pid, "Uid").split("\t")).toEqual(Array(4).fill(String((await stat(join(dir, "run"))).uid)));
    expect(statusOf(pid, "Uid")).not.toMatch(/\b0\b/);
    expect(statusOf(pid, "Groups").trim()).toBe("");
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) expect(statusOf(pid, set)).toMatch(/^0+$/);
    expect(statusOf(pid, "NoNewPrivs")).toBe("1");
    const { uid } = await stat(join(dir, "pg-runtime", "bin", "postgres"));
    expect(uid).toBe(0);
  });

  test("an existing cluster keeps its owner; one of root or of an unknown user is refused", async () => {
    const dir = await scratch();
    await chown(dir, NOBODY, NOBODY);
    expect(chooseAccount(dir)).toMatchObject({ kind: "other", account: { uid: NOBODY } });
    await chown(dir, 54_321, 54_321);
    expect(() => chooseAccount(dir)).toThrow(/belongs to user id 54321, which is not in \/etc\/passwd/);
    await chown(dir, 0, 0);
    expect(() => chooseAccount(dir)).toThrow(/belongs to root, as which PostgreSQL refuses to run/);
  });

  test("below a directory of mode 0700 it starts, may pass through but not write, and the directory stays as it is", async () => {
    const dir = await scratch(0o700);
    const { logger, lines } = recorder();
    const { pid, ownerUrl, stop } = await start(join(dir, "deep", "data"), { logger });
    expect(lines).toEqual([{ level: "info", message: expect.stringContaining("CAP_DAC_READ_SEARCH") }]);
    expect(statusOf(pid, "Uid")).not.toMatch(/\b0\b/);
    expect(BigInt(`0x${statusOf(pid, "CapEff")}`)).toBe(1n << 2n);
    await query(ownerUrl, "CREATE TABLE t AS SELECT now() AT TIME ZONE 'Europe/Paris' AS a");
    await stop();
    await start(join(dir, "deep", "data"));
    expect((await stat(dir)).mode & 0o7777).toBe(0o700);
    expect((await stat(dir)).uid).toBe(0);
  });

  test("a data directory that was made with mode 0700 before works too", async () => {
    const dir = join(await scratch(), "data");
    await mkdir(dir, { mode: 0o700 });
    await writeFile(join(dir, "master.key"), "kept", { mode: 0o600 });
    const { ownerUrl } = await start(dir);
    expect(await query(ownerUrl, "SELECT 1 AS a")).toEqual([{ a: 1 }]);
    expect((await stat(dir)).mode & 0o7777).toBe(0o700);
  });

  test("below a closed directory in a container, the capability that containers have is used, with a warning", async () => {
    const dir = await seeded(0o700);
    const child = startInChild(dir, { wrapper: ["setpriv", "--bounding-set", "-dac_read_search"] });
    const outcome = await child.outcome;
    expect(outcome).toEqual({ pid: expect.any(Number) });
    if ("pid" in outcome) expect(BigInt(`0x${statusOf(outcome.pid, "CapEff")}`)).toBe(1n << 1n);
    await stopChild(child);
  });

  test("below a closed directory without a capability to give, one line names the ways out", async () => {
    const dir = await seeded(0o700);
    const child = startInChild(dir, { wrapper: ["setpriv", "--bounding-set", "-setpcap"] });
    expectLine(await child.outcome, "DATA_DIR_UNREACHABLE", [dir, "CLAVIGER_DATA_DIR", "DATABASE_URL"]);
  });

  test("with a strict umask everything is as readable as it must be", async () => {
    const dir = join(await scratch(), "data");
    const child = startInChild(dir, { wrapper: ["sh", "-c", 'umask 0777; exec "$0" "$@"'] });
    expect(await child.outcome).toEqual({ pid: expect.any(Number) });
    await stopChild(child);
  });

  test("without setpriv it still starts as an ordinary user", async () => {
    const dir = await seeded();
    const child = startInChild(dir, { env: { PATH: "/nonexistent" } });
    const outcome = await child.outcome;
    if ("pid" in outcome) expect(statusOf(outcome.pid, "Uid")).not.toMatch(/\b0\b/);
    expect(outcome).toEqual({ pid: expect.any(Number) });
    await stopChild(child);
  });
});

onLinuxAsRoot("as an ordinary user", () => {
  test("it starts, stops and starts again, with everything for that user alone", async () => {
    const dir = await scratch();
    await chown(dir, NOBODY, NOBODY);
    for (const _round of [1, 2]) {
      const child = startInChild(join(dir, "data"), { wrapper: asUser(NOBODY, NOBODY) });
      expect(await child.outcome).toEqual({ pid: expect.any(Number) });
      await stopChild(child);
    }
    expect((await stat(join(dir, "data"))).mode & 0o777).toBe(0o700);
    const all = await readdir(join(dir, "data"), { recursive: true, withFileTypes: true });
    const foreign = await Promise.all(
      all.filter((e) => !e.isSymbolicLink()).map(async (e) => (await stat(join(e.parentPath, e.name))).uid !== NOBODY),
    );
    expect(foreign).not.toContain(true);
  });

  test("a cluster that this user made is run as this user by root", async () => {
    const dir = await scratch();
    await chown(dir, NOBODY, NOBODY);
    const child = startInChild(join(dir, "data"), { wrapper: asUser(NOBODY, NOBODY) });
    expect(await child.outcome).toEqual({ pid: expect.any(Number) });
    await stopChild(child);
    const { pid } = await start(join(dir, "data"));
    expect(statusOf(pid, "Uid").split("\t")[0]).toBe(String(NOBODY));
  });

  test("a directory that it may not write, or that root has used, is refused with one line", async () => {
    const dir = await scratch();
    await mkdir(join(dir, "roots"), { mode: 0o755 });
    for (const path of [join(dir, "new"), join(dir, "roots")]) {
      const child = startInChild(path, { wrapper: asUser(NOBODY, NOBODY) });
      expectLine(await child.outcome, "DATA_DIR_NOT_WRITABLE", [path, "CLAVIGER_DATA_DIR", "DATABASE_URL"]);
    }
    const used = await seeded();
    await chmod(used, 0o777);
    await chown(join(used, "postgres", "data"), 54_321, 54_321);
    await chmod(join(used, "lock"), 0o666);
    const child = startInChild(used, { wrapper: asUser(NOBODY, NOBODY) });
    expectLine(await child.outcome, "DATA_DIR_FOREIGN", ["user id 54321", "CLAVIGER_DATA_DIR"]);
  });

  test("a user id without an entry in the user list is refused with one line", async () => {
    const dir = await scratch();
    await chown(dir, 54_321, 54_321);
    const child = startInChild(join(dir, "data"), { wrapper: asUser(54_321, 54_321) });
    expectLine(await child.outcome, "ACCOUNT_MISSING", ["54321", "/etc/passwd", "DATABASE_URL"]);
  });
});

/** Whether this machine lets root mount; containers often do not. */
const canMount = isRoot && process.platform === "linux" && tryMount();

describe.runIf(canMount)("on a full disk", () => {
  test.each([
    ["while binaries are copied", 30],
    ["in initdb", 75],
  ])("%s, the first start is refused with one line, and succeeds when there is room", async (_name, megabytes) => {
    const dir = await smallDisk(megabytes);
    await expectRefusal(start(join(dir, "data")), "DISK_FULL", join(dir, "data"), "CLAVIGER_DATA_DIR", "DATABASE_URL");
    execFileSync("mount", ["-o", "remount,size=400m", dir]);
    await start(join(dir, "data"));
  });

  test("a later start is refused with one line, and nothing is lost", async () => {
    const dir = await smallDisk(400);
    const first = await start(join(dir, "data"));
    await query(first.ownerUrl, "CREATE TABLE t AS SELECT 7 AS a");
    await first.stop();
    await fill(dir);
    await expectRefusal(start(join(dir, "data")), "DISK_FULL", join(dir, "data"));
    await rm(join(dir, "filler"));
    expect(await query((await start(join(dir, "data"))).ownerUrl, "SELECT a FROM t")).toEqual([{ a: 7 }]);
  });
});

function tryMount(): boolean {
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/tmp"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A file system of that many megabytes. */
async function smallDisk(megabytes: number): Promise<string> {
  const dir = await scratch();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0755`, "none", dir]);
  // Runs before the directory is removed, and after servers have been stopped: last registered, first run.
  onTestFinished(() => {
    execFileSync("umount", ["-l", dir]);
  });
  return dir;
}

async function fill(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  await writeFile(join(dir, "filler"), Buffer.alloc(Number(bavail) * Number(bsize)));
}
