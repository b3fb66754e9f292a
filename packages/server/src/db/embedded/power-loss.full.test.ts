/**
 * The power goes while the server works, on a disk that keeps for sure only what was flushed. Where this machine allows no
 * such disk, the same is shown for the loss of all processes alone, and a line on stderr says so.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SeededRandom, seededRandom, type VolatileDisk, volatileDisk, waitFor } from "@claviger/testkit";
import pg from "pg";
import { describe, expect, onTestFinished, type TestContext, test } from "vitest";
import { attachEmbedded } from "./attach.ts";
import type { ConnectionSettings } from "./index.ts";
import { draftHas, has, killed, recorder, type StartedChild, start, startInChild, until } from "./testing.ts";

const ROUNDS = 12;
const WRITERS = 6;
const TIMEOUT_MS = 600_000;

async function openDisk(): Promise<VolatileDisk> {
  const disk = await volatileDisk();
  onTestFinished(() => disk.close(), 60_000);
  return disk;
}

/** Cuts, notes what became of the disk, ends who started the server there, and has the disk back. */
async function losePower(
  context: TestContext,
  disk: VolatileDisk,
  random: SeededRandom,
  child: StartedChild,
): Promise<void> {
  await context.annotate(await disk.cut(random.int(2 ** 31)));
  await killed(child.process);
  await disk.restore();
}

describe("when the power goes in the middle of a first start", () => {
  /** Moments of a first start, told by what it has written. */
  const moments: Record<string, (dir: string) => Promise<boolean>> = {
    "while binaries are copied": (dir) => has(dir, /^pg-runtime\.new-/),
    "when binaries are in place": (dir) => has(dir, /^pg-runtime$/),
    "when initdb begins": (dir) => has(dir, /^postgres\.new-/),
    "while roles are made": (dir) => draftHas(dir, "data/base/5"),
    "when passwords are written": (dir) => draftHas(dir, "passwords.json"),
    "when the cluster is in place": (dir) => has(dir, /^postgres$/),
    "when the server runs": (dir) => has(join(dir, "postgres", "data"), /^postmaster\.pid$/),
  };

  test.for(Object.entries(moments))(
    "%s, the next start makes everything",
    { timeout: TIMEOUT_MS },
    ([, reached], context) => firstStart(reached, context),
  );

  async function firstStart(reached: (dir: string) => Promise<boolean>, context: TestContext): Promise<void> {
    const random = seededRandom(context);
    const disk = await openDisk();
    const dir = join(disk.path, "data");
    const child = startInChild(dir);
    await until(() => reached(dir), 60_000);
    await losePower(context, disk, random, child);
    const embedded = await start(dir);
    const client = await connected(embedded.ownerUrl);
    await client.query("CREATE TABLE t AS SELECT 7 AS a");
    await client.end();
    await embedded.stop();
  }
});

test(
  "when it goes under load, again and again, no acknowledged commit is lost, nothing is there that nobody wrote, and tables and indexes are whole",
  async (context) => {
    const random = seededRandom(context);
    const disk = await openDisk();
    const dir = join(disk.path, "data");
    const promised: Promises = { rows: new Set(), counts: Array.from({ length: WRITERS }, () => 0) };
    let begun = 0;
    for (let round = 0; round <= ROUNDS; round += 1) {
      const child = startInChild(dir);
      expect(await child.outcome).toEqual({ pid: expect.any(Number) });
      const { ownerUrl } = await attachEmbedded({ dataDir: dir, logger: recorder().logger });
      await (round === 0 ? prepare(dir, ownerUrl) : expectKept(dir, ownerUrl, promised, begun));
      if (round === ROUNDS) break;
      const load = await startLoad(dir, ownerUrl, round);
      const goal = 20 + random.int(1_500);
      await waitFor(() => load.acknowledged().rows.length >= goal, { timeoutMs: 60_000, what: "rows to be committed" });
      // What is acknowledged by now must be there; what is acknowledged from here on may be.
      const { rows, counts } = load.acknowledged();
      for (const row of rows) promised.rows.add(row);
      promised.counts = counts;
      await losePower(context, disk, random, child);
      begun = await load.end();
    }
    await context.annotate(`${promised.rows.size} rows were promised over ${ROUNDS} cuts, disk: ${disk.kind}`);
    expect(promised.rows.size).toBeGreaterThan(ROUNDS * 20);
  },
  TIMEOUT_MS,
);

interface Promises {
  readonly rows: Set<number>;
  /** For each writer: how often it was told that its counter had gone up. */
  counts: readonly number[];
}

async function connected(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client({ ...settings });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function superuser(dir: string, settings: ConnectionSettings): Promise<pg.Client> {
  const secrets: { superuser: string } = JSON.parse(await readFile(join(dir, "postgres", "passwords.json"), "utf8"));
  return connected({ ...settings, user: "postgres", password: secrets.superuser });
}

async function prepare(dir: string, settings: ConnectionSettings): Promise<void> {
  const owner = await connected(settings);
  await owner.query("CREATE TABLE written (id bigint PRIMARY KEY, pad text NOT NULL)");
  await owner.query("CREATE TABLE counter (writer int PRIMARY KEY, n bigint NOT NULL)");
  await owner.query("INSERT INTO counter SELECT g, 0 FROM generate_series(0, $1) g", [WRITERS - 1]);
  await owner.end();
  const root = await superuser(dir, settings);
  await root.query("CREATE EXTENSION amcheck");
  await root.end();
}

interface Load {
  acknowledged(): { readonly rows: readonly number[]; readonly counts: readonly number[] };
  /** After the server is gone. The number of the next row that nobody has tried to write. */
  end(): Promise<number>;
}

/** Writers that insert and count up, each statement a commit, while pages are written out from under them. */
async function startLoad(dir: string, settings: ConnectionSettings, round: number): Promise<Load> {
  const rows: number[] = [];
  const counts = Array.from({ length: WRITERS }, () => 0);
  let next = round * 1_000_000;
  const write = async (writer: number, client: pg.Client): Promise<void> => {
    for (;;) {
      const id = next++;
      await client.query("INSERT INTO written VALUES ($1, repeat(md5($2), 60))", [id, String(id)]);
      rows.push(id);
      const counted = await client.query("UPDATE counter SET n = n + 1 WHERE writer = $1 RETURNING n::int", [writer]);
      counts[writer] = counted.rows[0].n;
    }
  };
  const checkpoint = async (client: pg.Client): Promise<void> => {
    for (;;) await client.query("CHECKPOINT");
  };
  const clients = await Promise.all(Array.from({ length: WRITERS }, () => connected(settings)));
  const known = await clients[0]?.query("SELECT n::int FROM counter ORDER BY writer");
  known?.rows.forEach(({ n }, writer) => {
    counts[writer] = n;
  });
  const root = await superuser(dir, settings);
  // Each ends with the server, and nothing else ends it.
  const working = [...clients.map((client, writer) => write(writer, client)), checkpoint(root)].map((each) =>
    each.catch(() => undefined),
  );
  return {
    acknowledged: () => ({ rows: [...rows], counts: [...counts] }),
    end: async () => {
      await Promise.all(working);
      return next;
    },
  };
}

async function expectKept(dir: string, settings: ConnectionSettings, promised: Promises, begun: number): Promise<void> {
  const root = await superuser(dir, settings);
  const { rows } = await root.query("SELECT id::int, pad = repeat(md5(id::text), 60) AS whole FROM written");
  const found = new Set(rows.map(({ id }) => id));
  expect([...promised.rows].filter((id) => !found.has(id))).toEqual([]);
  expect(rows.filter(({ whole }) => whole !== true)).toEqual([]);
  expect(rows.filter(({ id }) => id >= begun)).toEqual([]);
  const counters = await root.query("SELECT n::int FROM counter ORDER BY writer");
  for (const [writer, { n }] of counters.rows.entries())
    expect(n, `writer ${writer}`).toBeGreaterThanOrEqual(promised.counts[writer] ?? 0);
  await expectWhole(root);
  await root.end();
}

/** Every page read with its checksum, every table walked, and every index compared with its table. */
async function expectWhole(root: pg.Client): Promise<void> {
  const tables = await root.query(
    `SELECT c.relname, v.msg FROM pg_class c, verify_heapam(c.oid) v WHERE c.relkind = 'r' AND c.relpersistence = 'p'`,
  );
  expect(tables.rows).toEqual([]);
  const indexes = await root.query(
    `SELECT count(bt_index_check(c.oid, true))::int AS n FROM pg_class c JOIN pg_am a ON a.oid = c.relam
     WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relpersistence = 'p'`,
  );
  expect(indexes.rows[0].n).toBeGreaterThan(50);
}
