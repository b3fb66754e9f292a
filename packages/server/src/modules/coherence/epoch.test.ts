import {
  type TestDatabase,
  type TestNode,
  type TestNodeOptions,
  testDatabase,
  testNode,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { logChange } from "../changes/index.ts";

const TERM_MS = 800;
let db: TestDatabase;
let owner: pg.Client;
let nodes: TestNode[] = [];

beforeEach(async () => {
  db = await testDatabase();
  owner = new pg.Client(db.owner);
  await owner.connect();
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.coherence.stop()));
  nodes = [];
  await owner.end();
  await db.drop();
});

async function start(options: Partial<TestNodeOptions> = {}): Promise<TestNode> {
  const node = testNode({ database: db.database, connection: db.node, termMs: TERM_MS, ...options });
  nodes.push(node);
  await node.coherence.start();
  return node;
}

function commit(...subjects: string[]): Promise<number> {
  return db.database.transaction(PLATFORM, (tx) => logChange(tx, { kind: "narrow", subjects }, new Date()));
}

async function revoke(node: TestNode): Promise<Awaited<ReturnType<TestNode["coherence"]["barrier"]>>> {
  const seq = await commit("key:a");
  node.coherence.committed(seq);
  return node.coherence.barrier(seq);
}

const newEpoch = (): Promise<unknown> => owner.query("UPDATE claviger.cluster SET id = gen_random_uuid()");

describe("a new epoch", () => {
  test("drops everything and makes every node join anew", async () => {
    const node = await start();
    const before = { ...node.coherence.state(), drops: node.drops() };
    await newEpoch();
    const after = await waitFor(() => {
      const state = node.coherence.state();
      return state.incarnation !== null && state.incarnation !== before.incarnation ? state : null;
    });
    expect(after.epoch).not.toBe(before.epoch);
    expect(node.drops()).toBeGreaterThan(before.drops);
    await waitFor(() => node.coherence.leaseValid());
  });

  test("is noticed by the next read of the log, long before a renewal is due", async () => {
    const node = await start({ termMs: 60_000 });
    const before = node.coherence.state().incarnation;
    await newEpoch();
    await waitFor(() => node.coherence.leaseValid() && node.coherence.state().incarnation !== before, {
      timeoutMs: 3_000,
    });
  });

  test("makes acts wait a full term from the first sight of it, for leases whose rows were lost", async () => {
    const node = await start();
    const before = node.coherence.state().epoch;
    const from = systemClock.mono();
    await newEpoch();
    await waitFor(() => node.coherence.state().epoch !== null && node.coherence.state().epoch !== before);
    expect(await revoke(node)).toMatchObject({ everywhere: true });
    expect(systemClock.mono() - from).toBeGreaterThanOrEqual(TERM_MS * 1.1);
  });

  test("leaves an act that was waiting unconfirmed", async () => {
    const node = await start();
    await owner.query(`INSERT INTO claviger.node (incarnation, name, token, acked_seq, acked_epoch, term_ms, software, started_at)
      VALUES (gen_random_uuid(), 'holds', gen_random_uuid(), 0, '', 60000, 'test', now())`);
    const seq = await commit("key:a");
    node.coherence.committed(seq);
    const refused = expect(node.coherence.barrier(seq)).rejects.toMatchObject({
      code: "BARRIER_UNCONFIRMED",
      extra: { seq },
    });
    await waitFor(() => node.coherence.state().appliedSeq >= seq);
    await newEpoch();
    await refused;
  });

  test("on the first timeline costs a node that has just started no wait; on a later one, where rows may be lost, a term", async () => {
    const from = systemClock.mono();
    const node = await start({ termMs: 4_000 });
    const { waitedMs } = await revoke(node);
    if (node.coherence.state().epoch?.endsWith(":00000001")) expect(waitedMs).toBeLessThan(2_000);
    else expect(systemClock.mono() - from).toBeGreaterThanOrEqual(4_400);
  });

  test("a head below what was applied counts as one, though the epoch is the same", async () => {
    const node = await start();
    const seq = await commit("key:a");
    await waitFor(() => node.coherence.state().appliedSeq === seq);
    const before = node.coherence.state().incarnation;
    const from = systemClock.mono();
    await owner.query("UPDATE claviger.change_head SET seq = 0");
    await waitFor(() => node.coherence.leaseValid() && node.coherence.state().incarnation !== before);
    expect(node.coherence.state().appliedSeq).toBe(0);
    await owner.query("TRUNCATE claviger.change_log");
    expect(await revoke(node)).toMatchObject({ everywhere: true });
    expect(systemClock.mono() - from).toBeGreaterThanOrEqual(TERM_MS * 1.1);
  });

  test("an act whose number the database does not hold is not confirmed", async () => {
    const node = await start();
    await expect(node.coherence.barrier(1_000)).rejects.toMatchObject({ code: "BARRIER_UNCONFIRMED" });
  });
});

describe("the change log", () => {
  test("with a hole drops everything, and what is known begins at its head", async () => {
    const node = await start();
    const drops = node.drops();
    await owner.query("BEGIN");
    await owner.query("UPDATE claviger.change_head SET seq = 3");
    await owner.query(
      "INSERT INTO claviger.change_log VALUES (1, 'narrow', '{key:a}', now()), (3, 'narrow', '{key:c}', now())",
    );
    await owner.query("COMMIT");
    await waitFor(() => node.coherence.state().appliedSeq === 3);
    expect(node.drops()).toBe(drops + 1);
    expect(node.coherence.touchedSince(2, ["key:b"])).toBe("unknown");
    expect(node.coherence.leaseValid()).toBe(true);
    expect(await revoke(node)).toMatchObject({ everywhere: true, nodes: 1 });
  });

  test("with a kind of entry that this version does not know drops everything", async () => {
    const node = await start();
    const drops = node.drops();
    await owner.query("ALTER TABLE claviger.change_log DROP CONSTRAINT change_log_kind_check");
    await owner.query("BEGIN");
    await owner.query("UPDATE claviger.change_head SET seq = 1");
    await owner.query("INSERT INTO claviger.change_log VALUES (1, 'rename', '{key:a}', now())");
    await owner.query("COMMIT");
    await waitFor(() => node.coherence.state().appliedSeq === 1);
    expect(node.drops()).toBe(drops + 1);
    expect(node.invalidated).toEqual([]);
  });

  test("longer than one read is followed to its end without dropping anything", async () => {
    const node = await start();
    await owner.query("BEGIN");
    await owner.query("UPDATE claviger.change_head SET seq = 3500");
    await owner.query(
      "INSERT INTO claviger.change_log SELECT n, 'widen', '{key:a}', now() FROM generate_series(1, 3500) n",
    );
    await owner.query("COMMIT");
    await waitFor(() => node.coherence.state().appliedSeq === 3_500);
    expect(node.invalidated.map(({ seq }) => seq)).toEqual(Array.from({ length: 3_500 }, (_, index) => index + 1));
    expect(node.drops()).toBe(1);
  });

  test("an entry is visible to verification before it is acknowledged, and before any lease that covers it", async () => {
    const seen: number[] = [];
    const node = await start({ onInvalidate: () => void seen.push(node.coherence.state().appliedSeq) });
    for (let round = 1; round <= 20; round += 1) {
      const seq = await commit(`key:${round}`);
      await waitFor(async () => {
        const { rows } = await owner.query("SELECT 1 FROM claviger.node WHERE acked_seq >= $1", [seq]);
        if (rows.length > 0) expect(node.invalidated.at(-1)?.seq).toBe(seq);
        return rows.length > 0;
      });
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test("an entry is applied before its acknowledgement is even sent", async () => {
    await owner.query(`CREATE FUNCTION claviger.hold() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$`);
    const node = await start();
    await owner.query("SELECT pg_advisory_lock(1)");
    await owner.query(
      "CREATE TRIGGER hold BEFORE UPDATE OF acked_seq ON claviger.node FOR EACH ROW EXECUTE FUNCTION claviger.hold()",
    );
    const seq = await commit("key:a");
    await waitFor(() => node.invalidated.some((each) => each.seq === seq) && node.coherence.state().appliedSeq === seq);
    const { rows } = await owner.query("SELECT 1 FROM claviger.node WHERE acked_seq >= $1", [seq]);
    expect(rows).toEqual([]);
    await owner.query("SELECT pg_advisory_unlock(1)");
    expect(await revoke(node)).toMatchObject({ everywhere: true });
  });

  test("an invalidation that fails makes everything be dropped rather than one entry be missed", async () => {
    const node = await start({
      onInvalidate: () => {
        throw new TypeError("cannot forget");
      },
    });
    const drops = node.drops();
    expect(await revoke(node)).toMatchObject({ everywhere: true });
    expect(node.drops()).toBe(drops + 1);
  });
});
