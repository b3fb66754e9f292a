import {
  type TestDatabase,
  type TestNode,
  type TestNodeOptions,
  testDatabase,
  testNode,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forgetNodes, PLATFORM } from "../../db/index.ts";
import { logChange } from "../changes/index.ts";
import type { LentLeases } from "./index.ts";

let db: TestDatabase;
let owner: pg.Client;
let nodes: TestNode[] = [];

beforeAll(async () => {
  db = await testDatabase();
  owner = new pg.Client(db.owner);
  await owner.connect();
});
beforeEach(async () => {
  await owner.query("DELETE FROM claviger.node");
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.coherence.stop()));
  nodes = [];
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

/** Verifiers of one node, as far as coherence asks for them. */
class Verifiers implements LentLeases {
  readonly told: { readonly seq: number; readonly epoch: string }[] = [];
  seq = Number.POSITIVE_INFINITY;
  verifiers = 0;
  vouched = Number.POSITIVE_INFINITY;

  confirmed(applied: number) {
    return {
      ackedSeq: Math.min(applied, this.seq),
      verifiers: this.verifiers,
      vouchedSeq: Math.min(applied, this.vouched),
    };
  }

  onApplied(seq: number, epoch: string): void {
    this.told.push({ seq, epoch });
  }
}

async function start(lent: LentLeases, options: Partial<TestNodeOptions> = {}): Promise<TestNode> {
  const node = testNode({ database: db.database, connection: db.node, lent, ...options });
  nodes.push(node);
  await node.coherence.start();
  return node;
}

function commit(): Promise<number> {
  return db.database.transaction(PLATFORM, (tx) => logChange(tx, { kind: "narrow", subjects: ["key:a"] }, new Date()));
}

const rows = async () => (await owner.query("SELECT * FROM claviger.node ORDER BY started_at")).rows;

describe("a node with verifiers", () => {
  test("acknowledges a change once all of them have confirmed it, and at once", async () => {
    const [own, other] = [new Verifiers(), new Verifiers()];
    const [waiter, lender] = [await start(own), await start(other, { name: "lender" })];
    Object.assign(other, { seq: 0, verifiers: 2 });
    const seq = await commit();
    waiter.coherence.committed(seq, ["key:a"]);
    let done = false;
    const barrier = waiter.coherence.barrier(seq).finally(() => {
      done = true;
    });
    await waitFor(() => lender.coherence.state().appliedSeq >= seq);
    // The waiter reads the rows several times meanwhile.
    await commit();
    await waitFor(() => other.told.some((told) => told.seq > seq));
    expect(done).toBe(false);
    other.seq = seq;
    lender.coherence.acknowledgeSoon();
    expect(await barrier).toMatchObject({ everywhere: true, nodes: 2, verifiers: 2, lapsed: [] });
  });

  test("waits for its own as for those of others", async () => {
    const own = new Verifiers();
    const node = await start(own);
    Object.assign(own, { seq: 0, verifiers: 1 });
    const seq = await commit();
    node.coherence.committed(seq, ["key:a"]);
    let done = false;
    const barrier = node.coherence.barrier(seq).finally(() => {
      done = true;
    });
    await commit();
    await waitFor(() => own.told.some((told) => told.seq > seq));
    expect(done).toBe(false);
    own.seq = seq;
    node.coherence.acknowledgeSoon();
    expect(await barrier).toMatchObject({ everywhere: true, nodes: 1, verifiers: 1 });
  });

  test("says with its acknowledgement who may go on without having heard, and the act is not everywhere", async () => {
    const [own, other] = [new Verifiers(), new Verifiers()];
    const waiter = await start(own);
    const lender = await start(other);
    await lender.coherence.beginLending(60_000);
    other.vouched = 0;
    const seq = await commit();
    waiter.coherence.committed(seq, ["key:a"]);
    expect(await waiter.coherence.barrier(seq)).toMatchObject({ everywhere: false, nodes: 2, lapsed: [] });
  });

  test("tells them of what is applied after what was touched, in order and each number once", async () => {
    const own = new Verifiers();
    const node = await start(own);
    const { epoch } = node.coherence.state();
    const first = own.told[0]?.seq ?? -1;
    const seq = await commit();
    node.coherence.committed(seq, ["key:a"]);
    const later = await commit();
    await waitFor(() => node.coherence.state().appliedSeq >= later);
    expect(own.told).toEqual([first, seq, later].map((number) => ({ seq: number, epoch })));
    // What was applied before the act said so itself is dropped again, which costs a look-up.
    expect([...new Set(node.invalidated.map(({ seq: number }) => number))]).toEqual([seq, later]);
  });
});

describe("a node that lends", () => {
  test("writes it down before the first lease, and in the row of a later incarnation from the start", async () => {
    const node = await start(new Verifiers());
    expect(await node.coherence.beginLending(0)).toBe(true);
    expect(await rows()).toMatchObject([{ lends: true, max_stale_ms: 0 }]);
    expect(await node.coherence.beginLending(30_000)).toBe(true);
    const before = node.coherence.state().incarnation;
    expect(await rows()).toMatchObject([{ incarnation: before, max_stale_ms: 30_000 }]);
    await owner.query("DELETE FROM claviger.node");
    await waitFor(() => node.coherence.leaseValid() && node.coherence.state().incarnation !== before);
    expect(await rows()).toMatchObject([{ lends: true, max_stale_ms: 30_000 }]);
  });

  test("lends nothing where its row is gone", async () => {
    const node = await start(new Verifiers(), { termMs: 5_000 });
    await owner.query("DELETE FROM claviger.node");
    expect(await node.coherence.beginLending(0)).toBe(false);
  });

  test("leaves its row behind where leases lent under it may be in use, and a revocation waits until it lapses", async () => {
    const [node, other] = [await start(new Verifiers()), await start(new Verifiers(), { name: "left" })];
    await other.coherence.stop({ keepRow: true });
    const seq = await commit();
    node.coherence.committed(seq, ["key:a"]);
    expect(await node.coherence.barrier(seq)).toMatchObject({ everywhere: true, nodes: 2, lapsed: ["left"] });
  });

  test("is not forgotten when an embedded database starts anew", async () => {
    const node = await start(new Verifiers());
    await node.coherence.beginLending(0);
    await node.coherence.stop({ keepRow: true });
    await (await start(new Verifiers(), { name: "other" })).coherence.stop({ keepRow: true });
    await forgetNodes(db.owner);
    expect(await rows()).toMatchObject([{ name: "node", lends: true }]);
  });
});
