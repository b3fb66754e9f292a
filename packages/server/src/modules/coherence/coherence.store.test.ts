import { type TestDatabase, type TestNode, testDatabase, testNode, waitFor } from "@claviger/testkit";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../kernel/random.ts";
import {
  ackNode,
  fenceNode,
  insertNode,
  markLender,
  readCluster,
  readHead,
  reapNode,
  renewNode,
} from "./coherence.store.ts";

let db: TestDatabase;
let client: pg.Client;
let nodes: TestNode[] = [];
const incarnation = systemRandom.uuid();
const [first, second, third] = [systemRandom.uuid(), systemRandom.uuid(), systemRandom.uuid()];

beforeAll(async () => {
  db = await testDatabase();
  client = new pg.Client(db.owner);
  await client.connect();
});
beforeEach(async () => {
  await client.query("DELETE FROM claviger.node");
  await insertNode(client, {
    incarnation,
    token: first,
    name: "n",
    termMs: 1_000,
    software: "test",
    startedAt: new Date(),
    lends: false,
    maxStaleMs: 0,
  });
});
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.coherence.stop()));
  nodes = [];
});
afterAll(async () => {
  await client.end();
  await db.drop();
});

const ack = (ackedSeq: number, epoch: string) => ({ ackedSeq, vouchedSeq: ackedSeq, epoch, verifiers: 0 });
const row = async () => (await readCluster(client, null)).nodes.find((node) => node.incarnation === incarnation);

describe("a row", () => {
  test("is renewed only where it holds one of the tokens named and is not fenced", async () => {
    expect(await renewNode(client, incarnation, [second], third)).toBe(0);
    expect(await row()).toMatchObject({ token: first });
    expect(await renewNode(client, incarnation, [second, first], third)).toBe(1);
    expect(await row()).toMatchObject({ token: third });
    await fenceNode(db.database, incarnation, 1, "e");
    expect(await renewNode(client, incarnation, [third], first)).toBe(0);
  });

  test("is removed only where it still holds the token observed", async () => {
    await reapNode(db.database, incarnation, second);
    expect(await row()).toBeDefined();
    await reapNode(db.database, incarnation, first);
    expect(await row()).toBeUndefined();
  });

  test("is not fenced once it has acknowledged the number in this epoch", async () => {
    await ackNode(client, incarnation, ack(5, "e"));
    await fenceNode(db.database, incarnation, 5, "e");
    expect(await row()).toMatchObject({ fenced: false });
    await fenceNode(db.database, incarnation, 6, "e");
    expect(await row()).toMatchObject({ fenced: true });
  });

  test("that acknowledged in another epoch is fenced", async () => {
    await ackNode(client, incarnation, ack(5, "d"));
    await fenceNode(db.database, incarnation, 5, "e");
    expect(await row()).toMatchObject({ fenced: true });
  });

  test("never acknowledges less within an epoch, and begins anew in another", async () => {
    await ackNode(client, incarnation, ack(5, "e"));
    await ackNode(client, incarnation, ack(4, "e"));
    expect(await row()).toMatchObject({ ackedSeq: 5, ackedEpoch: "e" });
    await ackNode(client, incarnation, ack(2, "f"));
    expect(await row()).toMatchObject({ ackedSeq: 2, ackedEpoch: "f" });
  });
});

describe("a row of a node that lends leases", () => {
  test("says so, and for how long the most daring verifier may go on without one", async () => {
    const read = async () => (await client.query("SELECT lends, max_stale_ms FROM claviger.node")).rows;
    expect(await read()).toEqual([{ lends: false, max_stale_ms: 0 }]);
    expect(await markLender(client, incarnation, 5_000)).toBe(1);
    expect(await markLender(client, incarnation, 0)).toBe(1);
    expect(await read()).toEqual([{ lends: true, max_stale_ms: 5_000 }]);
    expect(await markLender(client, third, 0)).toBe(0);
  });

  test("says how many verifiers stand behind an acknowledgement", async () => {
    await ackNode(client, incarnation, { ...ack(5, "e"), verifiers: 3 });
    expect(await row()).toMatchObject({ ackedSeq: 5, verifiers: 3 });
    expect(await row()).not.toHaveProperty("vouchedSeq");
    await markLender(client, incarnation, 5_000);
    await ackNode(client, incarnation, { ...ack(4, "e"), verifiers: 2, vouchedSeq: 3 });
    expect(await row()).toMatchObject({ ackedSeq: 5, verifiers: 2, vouchedSeq: 3 });
  });
});

test("the epoch names the stored id and the timeline of the log, in the renewal as in the log's read", async () => {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM claviger.cluster");
  const { epoch } = await readHead(client);
  expect(epoch).toMatch(new RegExp(`^${rows[0]?.id}:[0-9A-F]{8}$`));
  expect((await readCluster(client, null)).epoch).toBe(epoch);
});

describe("a node whose row was touched by somebody else", () => {
  test.each([
    ["fenced", "UPDATE claviger.node SET fenced = true"],
    ["given another token", "UPDATE claviger.node SET token = gen_random_uuid()"],
    ["removed", "DELETE FROM claviger.node"],
  ])("%s: drops everything and begins anew as another", async (_, statement) => {
    await client.query("DELETE FROM claviger.node");
    const node = testNode({ database: db.database, connection: db.node, termMs: 600 });
    nodes.push(node);
    await node.coherence.start();
    const [before, drops] = [node.coherence.state().incarnation, node.drops()];
    await client.query(statement);
    await waitFor(() => node.coherence.leaseValid() && node.coherence.state().incarnation !== before);
    expect(node.drops()).toBeGreaterThan(drops);
  });
});
