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
import { PLATFORM } from "../../db/index.ts";
import { logChange } from "../changes/index.ts";

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

async function start(options: Partial<TestNodeOptions> = {}): Promise<TestNode> {
  const node = testNode({ database: db.database, connection: db.node, ...options });
  nodes.push(node);
  await node.coherence.start();
  return node;
}

function commit(...subjects: string[]): Promise<number> {
  return db.database.transaction(PLATFORM, (tx) => logChange(tx, { kind: "narrow", subjects }, new Date()));
}

const rows = async (): Promise<Record<string, unknown>[]> => (await owner.query("SELECT * FROM claviger.node")).rows;
const applied = (node: TestNode, seq: number): boolean => node.invalidated.some((each) => each.seq === seq);

describe("a node", () => {
  test("joins with a row of its own, a valid lease and everything applied", async () => {
    const seq = await commit("key:before");
    const node = await start({ name: "first", termMs: 2_000 });
    expect(node.coherence.leaseValid()).toBe(true);
    expect(node.coherence.state()).toMatchObject({ appliedSeq: seq, lagSeq: 0 });
    expect(await rows()).toMatchObject([{ name: "first", term_ms: 2_000, fenced: false, max_stale_ms: 0 }]);
  });

  test("is valid at no time before it has joined and after it has stopped", async () => {
    const node = testNode({ database: db.database, connection: db.node });
    expect(node.coherence.leaseValid()).toBe(false);
    await node.coherence.start();
    const stopping = node.coherence.stop();
    expect(node.coherence.leaseValid()).toBe(false);
    await stopping;
    expect(await rows()).toEqual([]);
  });

  test("takes another incarnation at each start and never a row that is there", async () => {
    const first = await start();
    const before = first.coherence.state().incarnation;
    await first.coherence.stop();
    const second = await start();
    expect(second.coherence.state().incarnation).not.toBe(before);
  });

  test("applies and acknowledges what others change, in order, each once", async () => {
    const node = await start();
    const seqs = [await commit("key:a"), await commit("key:b"), await commit("account:c", "key:d")];
    const last = seqs[2] ?? 0;
    const incarnation = node.coherence.state().incarnation;
    await waitFor(async () =>
      (await rows()).some((row) => row.incarnation === incarnation && Number(row.acked_seq) >= last),
    );
    expect(node.invalidated.map(({ seq }) => seq)).toEqual(seqs);
    expect(node.invalidated[2]?.subjects).toEqual(["account:c", "key:d"]);
  });

  test("forgets the subjects of its own commit before committed() returns", async () => {
    const node = await start();
    const seq = await commit("key:own");
    node.coherence.committed(seq, ["key:own"]);
    expect(applied(node, seq)).toBe(true);
    expect(node.coherence.touchedSince(seq - 1, ["key:own"])).toBe("touched");
    expect(node.coherence.touchedSince(seq, ["key:own"])).toBe("untouched");
    expect(node.coherence.touchedSince(seq - 1, ["key:other"])).toBe("untouched");
  });

  test("knows nothing of the time before it joined", async () => {
    const seq = await commit("key:a");
    const node = await start();
    expect(node.coherence.touchedSince(seq - 1, ["key:b"])).toBe("unknown");
    expect(node.coherence.touchedSince(seq, ["key:b"])).toBe("untouched");
  });
});

describe("a barrier", () => {
  test("of a lone node returns at once and names one node", async () => {
    const node = await start();
    const seq = await commit("key:a");
    node.coherence.committed(seq);
    expect(await node.coherence.barrier(seq)).toMatchObject({
      everywhere: true,
      seq,
      nodes: 1,
      verifiers: 0,
      lapsed: [],
    });
    expect(applied(node, seq)).toBe(true);
  });

  test("returns only when every node has applied the change", async () => {
    const all = [await start({ name: "a" }), await start({ name: "b" }), await start({ name: "c" })];
    for (let round = 0; round < 40; round += 1) {
      const from = all[round % 3];
      const seq = await commit(`key:${round}`);
      from?.coherence.committed(seq);
      const effective = await from?.coherence.barrier(seq);
      expect(all.map((node) => applied(node, seq))).toEqual([true, true, true]);
      expect(effective).toMatchObject({ everywhere: true, nodes: 3, lapsed: [] });
    }
  });

  test("of a replay, long after the commit, asks everybody again", async () => {
    const [one, other] = [await start(), await start()];
    const seq = await commit("key:a");
    await waitFor(() => applied(one, seq) && applied(other, seq));
    expect(await one.coherence.barrier(seq)).toMatchObject({ everywhere: true, nodes: 2 });
  });
});
