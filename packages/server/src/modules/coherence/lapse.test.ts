import {
  type FaultyProxy,
  type NodeProcess,
  nodeProcess,
  proxyTo,
  type TestDatabase,
  type TestNode,
  type TestNodeOptions,
  testDatabase,
  testNode,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { logChange } from "../changes/index.ts";

/** Terms here are short; a row that lapses is found dead after the term and a tenth. */
const TERM_MS = 800;
const DEAD_MS = 880;

let db: TestDatabase;
let owner: pg.Client;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  db = await testDatabase();
  owner = new pg.Client(db.owner);
  await owner.connect();
});
beforeEach(async () => {
  await owner.query("DELETE FROM claviger.node");
});
afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

async function start(options: Partial<TestNodeOptions> = {}): Promise<TestNode> {
  const node = testNode({ database: db.database, connection: db.node, termMs: TERM_MS, ...options });
  endings.push(() => node.coherence.stop());
  await node.coherence.start();
  return node;
}

async function spawn(name: string): Promise<NodeProcess> {
  const node = await nodeProcess({ connection: db.node, roles: db.roles, name, termMs: TERM_MS });
  endings.push(() => node.end());
  return node;
}

async function proxy(): Promise<FaultyProxy> {
  const made = await proxyTo(db.node);
  endings.push(() => made.close());
  return made;
}

function commit(subject: string): Promise<number> {
  return db.database.transaction(PLATFORM, (tx) => logChange(tx, { kind: "narrow", subjects: [subject] }, new Date()));
}

async function revoke(node: TestNode): Promise<Awaited<ReturnType<TestNode["coherence"]["barrier"]>>> {
  const seq = await commit("key:a");
  node.coherence.committed(seq);
  return node.coherence.barrier(seq);
}

/** A row that nobody stands behind, until `renew` is called. */
async function plant(columns: Record<string, unknown> = {}): Promise<string> {
  const row = { name: "planted", acked_seq: 0, acked_epoch: "", term_ms: TERM_MS, max_stale_ms: 0, ...columns };
  const names = Object.keys(row);
  const { rows } = await owner.query<{ incarnation: string }>(
    `INSERT INTO claviger.node (incarnation, token, software, started_at, ${names})
     VALUES (gen_random_uuid(), gen_random_uuid(), 'test', now(), ${names.map((_, index) => `$${index + 1}`)})
     RETURNING incarnation`,
    Object.values(row),
  );
  return rows[0]?.incarnation ?? "";
}

const renew = async (incarnation: string): Promise<number> =>
  (
    await owner.query("UPDATE claviger.node SET token = gen_random_uuid() WHERE incarnation = $1 AND NOT fenced", [
      incarnation,
    ])
  ).rowCount ?? 0;
const names = async (): Promise<string[]> =>
  (await owner.query<{ name: string }>("SELECT name FROM claviger.node ORDER BY name")).rows.map(({ name }) => name);

describe("a row that stands still", () => {
  test("is waited for until its term and the clocks' drift have passed, then named and removed", async () => {
    const node = await start();
    const planted = systemClock.mono();
    await plant({ name: "gone" });
    const effective = await revoke(node);
    expect(systemClock.mono() - planted).toBeGreaterThanOrEqual(DEAD_MS);
    expect(effective).toMatchObject({ everywhere: true, lapsed: ["gone"], nodes: 2 });
    await waitFor(async () => !(await names()).includes("gone"));
    expect(await revoke(node)).toMatchObject({ nodes: 1, lapsed: [] });
  });

  test("is judged by the term it names, not by that of the waiter", async () => {
    const node = await start({ termMs: 300 });
    const planted = systemClock.mono();
    await plant({ name: "slow", term_ms: 1_500 });
    expect(await revoke(node)).toMatchObject({ lapsed: ["slow"] });
    expect(systemClock.mono() - planted).toBeGreaterThanOrEqual(1_650);
  });

  test("is not waited for again when it was watched before the commit", async () => {
    const node = await start();
    await plant();
    await waitFor(async () => (await names()).length === 1, { what: "the dead row to be removed without an act" });
    expect(await revoke(node)).toMatchObject({ nodes: 1, lapsed: [] });
  });

  test("may not be confirmed everywhere when its verifiers may go on without a lease", async () => {
    const node = await start();
    await plant({ name: "stale", max_stale_ms: 60_000 });
    expect(await revoke(node)).toMatchObject({ everywhere: false, lapsed: ["stale"] });
  });

  test("is named by every act that waits for it", async () => {
    const nodes = [await start({ name: "a" }), await start({ name: "b" })];
    await plant({ name: "gone" });
    const both = await Promise.all(nodes.map(revoke));
    expect(both.map(({ lapsed }) => lapsed)).toEqual([["gone"], ["gone"]]);
  });
});

describe("a row that is renewed but does not acknowledge", () => {
  test.each([
    { acked: "nothing", columns: {} },
    { acked: "another epoch", columns: { acked_seq: 1_000_000, acked_epoch: "other:00000001" } },
  ])("is fenced after a term and lapses a term later: acknowledged $acked", async ({ columns }) => {
    const node = await start();
    const incarnation = await plant({ name: "deaf", ...columns });
    let lastRenewal = 0;
    const renewing = setInterval(async () => {
      if ((await renew(incarnation)) === 1) lastRenewal = systemClock.mono();
    }, 100);
    endings.push(async () => clearInterval(renewing));
    const effective = await revoke(node);
    expect(effective).toMatchObject({ everywhere: true, lapsed: ["deaf"] });
    expect(effective.waitedMs).toBeGreaterThanOrEqual(2 * DEAD_MS - 110);
    expect(systemClock.mono() - lastRenewal).toBeGreaterThanOrEqual(DEAD_MS);
    expect(await renew(incarnation)).toBe(0);
  });
});

describe("a process", () => {
  test("that is frozen holds a revocation for its term and lapses; woken, it has no lease and begins anew", async () => {
    const node = await start();
    const other = await spawn("frozen");
    const before = await other.ask();
    other.signal("SIGSTOP");
    const stopped = systemClock.mono();
    expect(await revoke(node)).toMatchObject({ everywhere: true, lapsed: ["frozen"] });
    // Its last renewal is up to a third of the term and a commit older than the signal.
    expect(systemClock.mono() - stopped).toBeGreaterThanOrEqual(DEAD_MS - TERM_MS / 2);
    // Woken before its row is gone it could renew it, and would have to apply the change first.
    await waitFor(async () => !(await names()).includes("frozen"));
    const asked = other.ask();
    other.signal("SIGCONT");
    const woken = await asked;
    expect(woken.leaseValid && woken.incarnation === before.incarnation).toBe(false);
    const again = await waitFor(async () => {
      const report = await other.ask();
      return report.leaseValid ? report : null;
    });
    expect(again.incarnation).not.toBe(before.incarnation);
    expect(again.drops).toBeGreaterThan(before.drops);
    expect(await revoke(node)).toMatchObject({ nodes: 2, lapsed: [] });
  });

  test("that is killed lapses once", async () => {
    const node = await start();
    const other = await spawn("killed");
    other.signal("SIGKILL");
    expect(await revoke(node)).toMatchObject({ everywhere: true, lapsed: ["killed"] });
    await waitFor(async () => !(await names()).includes("killed"));
    expect(await revoke(node)).toMatchObject({ nodes: 1, lapsed: [] });
  });

  test("that is asked to stop gives its lease back, and nobody waits", async () => {
    const node = await start();
    const other = await spawn("leaving");
    other.signal("SIGTERM");
    await waitFor(async () => (await names()).length === 1);
    expect(await revoke(node)).toMatchObject({ lapsed: [], everywhere: true, nodes: 1 });
  });

  test("acknowledges to another process", async () => {
    const node = await start();
    await spawn("other");
    expect(await revoke(node)).toMatchObject({ nodes: 2, lapsed: [], everywhere: true });
  });
});

describe("when the database is out of reach", () => {
  test.each(["cut", "freeze"] as const)(
    "%s: the lease ends at its deadline, not before, and comes back by itself",
    async (fault) => {
      const line = await proxy();
      const node = await start({ connection: line.connection });
      const before = node.coherence.state();
      line[fault]();
      const left = node.coherence.state().leaseMsLeft;
      const from = systemClock.mono();
      expect(node.coherence.leaseValid()).toBe(true);
      await waitFor(() => !node.coherence.leaseValid(), { everyMs: 1 });
      const lasted = systemClock.mono() - from;
      // A renewal that was under way may still have come through.
      expect(lasted).toBeGreaterThanOrEqual(left - 5);
      expect(lasted).toBeLessThan(TERM_MS);
      expect(node.coherence.state().lapses).toBe(0);
      line.heal();
      await waitFor(() => node.coherence.leaseValid());
      expect(node.coherence.state().lapses).toBe(1);
      const seq = await commit("key:a");
      await waitFor(() => node.coherence.state().appliedSeq >= seq);
      expect(before.incarnation).not.toBeNull();
    },
  );

  test.each(["cut", "freeze"] as const)(
    "%s: an act that waits is told that it is not confirmed, with its number",
    async (fault) => {
      const line = await proxy();
      const node = await start({ connection: line.connection });
      await plant({ term_ms: 60_000 });
      const seq = await commit("key:a");
      node.coherence.committed(seq);
      const waiting = node.coherence.barrier(seq);
      const refused = expect(waiting).rejects.toMatchObject({ code: "BARRIER_UNCONFIRMED", extra: { seq } });
      await waitFor(() => node.coherence.state().appliedSeq >= seq);
      line[fault]();
      await refused;
    },
  );

  test("a node cut off for longer than its term lapses for the others and rejoins as somebody new", async () => {
    const line = await proxy();
    const [node, far] = [await start(), await start({ connection: line.connection, name: "far" })];
    const before = far.coherence.state().incarnation;
    line.cut();
    expect(await revoke(node)).toMatchObject({ everywhere: true, lapsed: ["far"] });
    expect(far.coherence.leaseValid()).toBe(false);
    await waitFor(async () => !(await names()).includes("far"));
    const drops = far.drops();
    line.heal();
    await waitFor(() => far.coherence.leaseValid());
    expect([node, far].map(({ coherence }) => coherence.state().lapses)).toEqual([0, 1]);
    expect(far.coherence.state().incarnation).not.toBe(before);
    expect(far.drops()).toBeGreaterThan(drops);
  });

  test("a renewal whose wait for standbys was cut short is no renewal", async () => {
    await owner.query(`CREATE FUNCTION claviger.warn() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE WARNING 'any text in any language'; RETURN NEW; END $$`);
    const node = await start();
    await owner.query(
      "CREATE TRIGGER warn BEFORE UPDATE OF token ON claviger.node FOR EACH ROW EXECUTE FUNCTION claviger.warn()",
    );
    await waitFor(() => !node.coherence.leaseValid());
    await owner.query("DROP FUNCTION claviger.warn() CASCADE");
    await waitFor(() => node.coherence.leaseValid());
  });
});
