/** What is left when processes are killed, and that the next start copes with it. */
import { spawn } from "node:child_process";
import { chown, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { stopOrphan } from "./orphan.ts";
import { inspectProcess } from "./processes.ts";
import {
  draftHas,
  expectRefusal,
  isAlive,
  isRoot,
  killed,
  query,
  recorder,
  type StartedChild,
  scratch,
  start,
  startInChild,
  surviveFirstStart,
  until,
  useSeeds,
} from "./testing.ts";

/** Without setpriv on its path, a process cannot bind the server to its own life. */
const UNBOUND = { env: { PATH: "/nonexistent" } };
const ROW = "CREATE TABLE IF NOT EXISTS t AS SELECT 7 AS a";

async function serverOf(child: StartedChild): Promise<number> {
  const outcome = await child.outcome;
  if (!("pid" in outcome)) throw new TypeError(JSON.stringify(outcome));
  return outcome.pid;
}

const seeded = useSeeds();

describe("after a kill of our own process", () => {
  test("the server ends by itself, in order, where the kernel can bind it to us", async () => {
    const dir = await seeded();
    const child = startInChild(dir);
    const pid = await serverOf(child);
    await killed(child.process);
    const bound = process.platform === "linux";
    if (bound) {
      await until(async () => !(await isAlive(pid)));
      // A fast shutdown takes its pid file away; a kill would not.
      await until(async () => !(await readdir(join(dir, "postgres", "data"))).includes("postmaster.pid"));
    }
    const { logger, lines } = recorder();
    await query((await start(dir, { logger })).ownerUrl, ROW);
    expect(lines.filter((line) => line.level === "warn")).toHaveLength(bound ? 0 : 1);
  });

  test("a start at the same moment waits for that end", async () => {
    const dir = await seeded();
    const child = startInChild(dir);
    const pid = await serverOf(child);
    await killed(child.process);
    const next = await start(dir);
    expect(next.pid).not.toBe(pid);
    expect(await isAlive(pid)).toBe(false);
  });

  test("a server that outlives it is stopped by the next start, with its rows kept", async () => {
    const dir = join(await seeded(), "..", "our data");
    await rename(join(dir, "..", "data"), dir);
    const child = startInChild(dir, UNBOUND);
    const pid = await serverOf(child);
    await killed(child.process);
    expect(await isAlive(pid)).toBe(true);
    const { logger, lines } = recorder();
    const next = await start(dir, { logger });
    expect(lines).toContainEqual({ level: "warn", message: expect.stringContaining("outlived its Claviger") });
    expect(await isAlive(pid)).toBe(false);
    await query(next.ownerUrl, ROW);
  });

  test("a server that outlives it is found under the directory's new name as well", async () => {
    const dir = await seeded();
    const child = startInChild(dir, UNBOUND);
    const pid = await serverOf(child);
    await killed(child.process);
    await rename(dir, `${dir}-renamed`);
    await start(`${dir}-renamed`);
    expect(await isAlive(pid)).toBe(false);
  });
});

describe("after a kill in the middle of the first start", () => {
  test("where initdb looks done, the next start makes everything", () =>
    surviveFirstStart((dir) => draftHas(dir, "data/PG_VERSION")));

  test("an initdb that outlives us does not disturb the next start", async () => {
    const dir = join(await scratch(), "data");
    const child = startInChild(dir, UNBOUND);
    await until(() => draftHas(dir, "data/base"));
    await killed(child.process);
    await query((await start(dir)).ownerUrl, ROW);
  });
});

describe("after a kill of the server", () => {
  test("we are told, and the next start recovers what was committed", async () => {
    const dir = await seeded();
    const exits: unknown[] = [];
    const { logger, lines } = recorder();
    const first = await start(dir, { logger, onExit: (exit) => exits.push(exit) });
    await query(first.ownerUrl, "CREATE TABLE t AS SELECT g AS a FROM generate_series(1, 1000) g");
    process.kill(first.pid, "SIGKILL");
    expect(await first.exited).toEqual({ code: null });
    await until(() => exits.length === 1);
    expect(lines.at(-1)).toEqual({ level: "warn", message: expect.stringContaining("ended unasked") });
    await first.stop();
    const second = await start(dir);
    expect(await query(second.nodeUrl, "SELECT 1 AS a")).toEqual([{ a: 1 }]);
    expect(await query(second.ownerUrl, "SELECT count(*)::int AS n FROM t")).toEqual([{ n: 1000 }]);
  });

  test("an id that another program has got meanwhile does not stop the next start", async () => {
    const dir = await seeded();
    const first = await start(dir);
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    await first.stop();
    const file = join(dir, "postgres", "data", "postmaster.pid");
    const { uid, gid } = await stat(file);
    // Of the same user: PostgreSQL ignores other users' processes by itself.
    const alien = spawn("cat", [], { stdio: ["pipe", "ignore", "ignore"], ...(isRoot ? { uid, gid } : {}) });
    onTestFinished(() => {
      alien.kill("SIGKILL");
    });
    await until(async () => (await inspectProcess(alien.pid ?? 0))?.command[0] === "cat");
    await writeFile(file, (await readFile(file, "utf8")).replace(/^\d+/, String(alien.pid)));
    await query((await start(dir)).ownerUrl, ROW);
    expect(await isAlive(alien.pid ?? 0)).toBe(true);
  });

  test("which its parent does not collect, the start waits for the parent", async () => {
    const dir = await scratch();
    const { zombie, release } = await makeZombie();
    await writeFile(join(dir, "postmaster.pid"), `${zombie}\n`);
    const { logger } = recorder();
    await expectRefusal(stopOrphan(dir, logger, 50), "ORPHAN_STUCK", String(zombie), "DATABASE_URL");
    let over = false;
    const waiting = stopOrphan(dir, logger).then(() => {
      over = true;
    });
    expect(await inspectProcess(zombie)).toMatchObject({ zombie: true });
    expect(over).toBe(false);
    release();
    await waiting;
    expect(await inspectProcess(zombie)).toBeUndefined();
    expect(await readFile(join(dir, "postmaster.pid"), "utf8")).toBe(`${zombie}\n`);
  });

  test("a PostgreSQL on another directory is left alone", async () => {
    const dir = await seeded();
    const other = await start(dir);
    const pgData = join(dir, "mine");
    await mkdir(pgData);
    await writeFile(join(pgData, "postmaster.pid"), `${other.pid}\n${pgData}\n`);
    if (isRoot) await chown(join(pgData, "postmaster.pid"), 65_534, 65_534);
    await stopOrphan(pgData, recorder().logger);
    expect(await isAlive(other.pid)).toBe(true);
    expect(await readFile(join(pgData, "postmaster.pid"), "utf8")).toBe(`2147483647\n${pgData}\n`);
  });
});

/** A process that has ended and whose parent, `cat`, never asks how; `release` ends the parent. */
async function makeZombie(): Promise<{ zombie: number; release: () => void }> {
  // The child lives until the parent has become `cat`: a shell would collect it.
  const script = "cat <&3 & echo $!; exec cat 3<&-";
  const parent = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore", "pipe"] });
  onTestFinished(() => {
    parent.kill("SIGKILL");
  });
  const zombie = await new Promise<number>((resolve) => {
    parent.stdout?.once("data", (text: Buffer) => resolve(Number(text.toString().trim())));
  });
  await until(async () => (await inspectProcess(parent.pid ?? 0))?.command[0] === "cat");
  parent.stdio[3]?.destroy();
  await until(async () => (await inspectProcess(zombie))?.zombie === true);
  return { zombie, release: () => parent.stdin?.end() };
}
