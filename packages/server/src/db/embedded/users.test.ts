/**
 * As whom PostgreSQL runs. Root can try everything; an ordinary user cannot become another, so for it the same tests
 * run as itself.
 */
import { chmod, chown, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Account, chooseAccount, type UserFacts } from "./account.ts";
import { prepareLauncher } from "./launch.ts";
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

const CAP_DAC_READ_SEARCH = 2n;
const CAP_SETPCAP = 8n;
const NOBODY: Account = { uid: 65_534, gid: 65_534, name: "nobody" };
const POSTGRES: Account = { uid: 101, gid: 104, name: "postgres" };
const STRANGER: Account = { uid: 54_322, gid: 54_322, name: "stranger" };
/** Some uid that is not root's. */
const USER = isRoot ? NOBODY.uid : (process.getuid?.() ?? 0);

const seeded = useSeeds();

function wrapped(...root: readonly string[]): { wrapper: readonly string[] } {
  return { wrapper: isRoot ? root : [] };
}

function capabilities(pid: number, set: "CapEff" | "CapPrm" | "CapInh" | "CapAmb"): bigint {
  return BigInt(`0x${statusOf(pid, set)}`);
}

async function expectStart(dir: string, choices: Parameters<typeof startInChild>[1]): Promise<void> {
  const child = startInChild(dir, choices);
  const outcome = await child.outcome;
  expect(outcome).toEqual({ pid: expect.any(Number) });
  if ("pid" in outcome) expect(statusOf(outcome.pid, "Uid")).not.toMatch(/\b0\b/);
  await stopChild(child);
}

describe("the user that is chosen", () => {
  const root: UserFacts = { self: 0, listed: () => true, accounts: () => [NOBODY, POSTGRES] };
  const user: UserFacts = { ...root, self: 1000 };

  test("is ourselves, unless we are root: then postgres, else nobody", () => {
    expect(chooseAccount("/d", user, undefined)).toEqual({ kind: "self" });
    expect(chooseAccount("/d", user, 1000)).toEqual({ kind: "self" });
    expect(chooseAccount("/d", root, undefined)).toEqual({ kind: "other", account: POSTGRES });
    const bare = { ...root, accounts: () => [{ uid: 0, gid: 0, name: "postgres" }, NOBODY] };
    expect(chooseAccount("/d", bare, undefined)).toEqual({ kind: "other", account: NOBODY });
  });

  test("of an existing cluster is its owner", () => {
    expect(chooseAccount("/d", root, NOBODY.uid)).toEqual({ kind: "other", account: NOBODY });
  });

  test("of a cluster that cannot be run is refused with one line", () => {
    const line =
      (facts: UserFacts, owner: number): (() => unknown) =>
      () =>
        chooseAccount("/d", facts, owner);
    expect(line(root, 0)).toThrow(/^\/d belongs to root, as which PostgreSQL refuses to run. .*DATA_DIR.*DATABASE_URL/);
    expect(line(root, 54_321)).toThrow(/^\/d belongs to user id 54321, which is not in \/etc\/passwd/);
    expect(line(user, 0)).toThrow(/^\/d belongs to user id 0, and this process has 1000/);
  });

  test("that is missing is refused with one line", async () => {
    expect(() => chooseAccount("/d", { ...root, accounts: () => [] }, undefined)).toThrow(
      /no user postgres or nobody.*DATABASE_URL/,
    );
    expect(() => chooseAccount("/d", { ...user, listed: () => false }, undefined)).toThrow(
      /User id 1000 has no entry in \/etc\/passwd.*DATABASE_URL/,
    );
    if (!isRoot) return;
    const dir = await scratch();
    await chown(dir, 54_321, 54_321);
    const child = startInChild(join(dir, "data"), { wrapper: asUser(54_321, 54_321) });
    expectLine(await child.outcome, "ACCOUNT_MISSING", ["54321", "/etc/passwd", "DATABASE_URL"]);
  });
});

describe("the server's process", () => {
  test("is never root's, holds no capability, and its programs are not its own to change", async () => {
    const dir = await seeded();
    const { pid } = await start(dir);
    const owner = String((await stat(join(dir, "run"))).uid);
    expect(owner).not.toBe("0");
    expect([...new Set(statusOf(pid, "Uid").split("\t"))]).toEqual([owner]);
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"] as const) expect(capabilities(pid, set)).toBe(0n);
    expect((await stat(join(dir, "pg-runtime", "bin", "postgres"))).uid).toBe(process.getuid?.());
    if (!isRoot) return;
    expect(statusOf(pid, "Groups").trim()).toBe("");
    expect(statusOf(pid, "NoNewPrivs")).toBe("1");
  });

  test("starts without setpriv as well, and with a strict umask", async () => {
    await expectStart(await seeded(), { env: { PATH: "/nonexistent" } });
    await expectStart(join(await scratch(), "data"), { wrapper: ["sh", "-c", 'umask 0077; exec "$0" "$@"'] });
  });
});

describe("below a directory of mode 0700", () => {
  test("the server starts, may pass through but not write, and the directory stays as it is", async () => {
    const dir = await scratch(0o700);
    const before = await stat(dir);
    const { logger, lines } = recorder();
    const { pid, ownerUrl, stop } = await start(join(dir, "deep", "data"), { logger });
    const info = { level: "info", message: expect.stringContaining("CAP_DAC_READ_SEARCH") };
    expect(lines).toEqual(isRoot ? [info] : []);
    expect(statusOf(pid, "Uid")).not.toMatch(/\b0\b/);
    expect(capabilities(pid, "CapEff")).toBe(isRoot ? 1n << CAP_DAC_READ_SEARCH : 0n);
    // Reads a file of the programs' by its full path.
    await query(ownerUrl, "CREATE TABLE t AS SELECT now() AT TIME ZONE 'Europe/Paris' AS a");
    await stop();
    await start(join(dir, "deep", "data"));
    const after = await stat(dir);
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
  });

  test("the same holds where the data directory itself has that mode", async () => {
    const dir = join(await scratch(), "data");
    await mkdir(dir, { mode: 0o700 });
    await writeFile(join(dir, "master.key"), "kept", { mode: 0o600 });
    const { ownerUrl } = await start(dir);
    expect(await query(ownerUrl, "SELECT 1 AS a")).toEqual([{ a: 1 }]);
    expect((await stat(dir)).mode & 0o7777).toBe(0o700);
  });

  test.each([
    [
      "in a container, where root lacks that capability and holds one that writes",
      CAP_DAC_READ_SEARCH,
      "-dac_read_search",
    ],
    ["where root may not give capabilities on", CAP_SETPCAP, "-setpcap"],
  ])("%s, nothing is given, and one line names the ways out", async (_where, lacking, bounding) => {
    const dir = await seeded(0o700);
    const runAs = { kind: "other", account: STRANGER } as const;
    const { logger } = recorder();
    const words = ["stranger", dir, "CLAVIGER_DATA_DIR", "DATABASE_URL"];
    await expectRefusal(
      prepareLauncher(runAs, [dir], logger, (bit) => bit !== lacking),
      "DATA_DIR_UNREACHABLE",
      ...words,
    );
    if (!isRoot) return;
    const child = startInChild(dir, wrapped("setpriv", "--bounding-set", bounding));
    expectLine(await child.outcome, "DATA_DIR_UNREACHABLE", words.slice(1));
  });
});

describe("as an ordinary user", () => {
  const asOrdinary = wrapped(...(isRoot ? asUser(NOBODY.uid, NOBODY.gid) : []));

  async function home(): Promise<string> {
    const dir = await scratch();
    if (isRoot) await chown(dir, NOBODY.uid, NOBODY.gid);
    return dir;
  }

  test("it starts, stops and starts again, with everything for that user alone", async () => {
    const dir = join(await home(), "data");
    await expectStart(dir, asOrdinary);
    await expectStart(dir, asOrdinary);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    const all = await readdir(dir, { recursive: true, withFileTypes: true });
    const files = all.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
    const owners = await Promise.all(files.map(async (path) => (await stat(path)).uid));
    expect([...new Set(owners)]).toEqual([USER]);
  });

  test("a cluster that this user made is run as this user by root", async () => {
    const dir = join(await home(), "data");
    await expectStart(dir, asOrdinary);
    const { pid } = await start(dir);
    expect(statusOf(pid, "Uid").split("\t")[0]).toBe(String(USER));
  });

  test("a directory that it may not write is refused with one line", async () => {
    const dir = await scratch(0o755);
    await mkdir(join(dir, "closed"));
    await chmod(join(dir, "closed"), 0o555);
    for (const path of [join(dir, "closed", "new"), join(dir, "closed")]) {
      const child = startInChild(path, asOrdinary);
      expectLine(await child.outcome, "DATA_DIR_NOT_WRITABLE", [path, "CLAVIGER_DATA_DIR", "DATABASE_URL"]);
    }
  });
});
