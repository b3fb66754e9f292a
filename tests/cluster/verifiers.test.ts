/**
 * Three nodes, and eight programs that verify in their own processes (C4): once an act that takes something away has
 * returned, no verification that starts afterwards accepts, in any of them, whatever fails in between.
 */
import {
  type FaultyProxy,
  proxyTo,
  type TestDatabase,
  testDatabase,
  type VerifierProcess,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Effective } from "../support/client.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
/** A verifier that says nothing costs its lease, the drift of clocks, and the look that finds it. */
const LONGEST_MS = TERM_MS * 1.25;
const VERIFIERS = 8;

let database: TestDatabase;
let cluster: VerifierCluster;
let proxies: FaultyProxy[];
let databaseProxy: FaultyProxy;

beforeAll(async () => {
  database = await testDatabase();
  databaseProxy = await proxyTo(database.node);
  cluster = new VerifierCluster({
    ...{ database: { ...database, node: databaseProxy.connection }, termMs: TERM_MS, nodes: 3 },
  });
  await cluster.start();
  proxies = await Promise.all(
    cluster.nodes.map(({ url }) => proxyTo({ host: "127.0.0.1", port: Number(new URL(url).port) })),
  );
  const urls = proxies.map(({ connection }) => `http://127.0.0.1:${connection.port}`);
  for (let index = 0; index < VERIFIERS; index += 1) {
    await cluster.addVerifier([...urls.slice(index % 3), ...urls.slice(0, index % 3)]);
  }
}, 180_000);
afterAll(async () => {
  await cluster.stop();
  for (const proxy of [...proxies, databaseProxy]) await proxy.close();
  await database.drop();
}, 60_000);

test("all of them answer from memory, and an act tells how many it has waited for", async () => {
  const keys = await cluster.hammer(12);
  for (const [index, key] of keys.entries()) {
    const effective = await cluster.revoke(key, index % 3);
    expect(effective).toMatchObject({ everywhere: true, nodes: 3, verifiers: VERIFIERS, lapsed: [] });
  }
  await cluster.judge();
  for (const verifier of cluster.verifiers) {
    const { synchronous, asynchronous } = await verifier.ask({ do: "report" });
    expect(synchronous).toBeGreaterThan(asynchronous * 5);
  }
}, 120_000);

test("every kind of act that takes something away is in force in every verifier when it returns", async () => {
  const keys = await cluster.hammer(4);
  const api = cluster.on(1);
  const [suspended, narrowed, bound, moved] = keys.map(({ id }) => `/v1/keys/${id}`);
  const acts = [
    api.post<{ effective: Effective }>(`${suspended}/suspend`, { reason: "x" }),
    api.patch<{ effective: Effective }>(`${narrowed}`, { scopes: ["contacts:write"] }),
    api.patch<{ effective: Effective }>(`${bound}`, { allowedIps: ["192.0.2.1"] }),
    api.patch<{ effective: Effective }>(`${moved}`, { allowedReferrers: ["https://app.example"] }),
  ];
  await Promise.all(
    acts.map(async (act, index) => {
      const effective = cluster.effectiveOf(await act, keys[index]?.secret ?? "");
      expect(effective).toMatchObject({ everywhere: true, verifiers: VERIFIERS });
    }),
  );
  await cluster.judge();
}, 60_000);

describe("a verifier", () => {
  const one = (): VerifierProcess => cluster.verifiers[0] as VerifierProcess;

  test("that is frozen costs an act no more than its lease, and refuses from its first answer when it goes on", async () => {
    const [key] = await cluster.hammer(1);
    if (key === undefined) throw new TypeError("no key");
    one().signal("SIGSTOP");
    const { waitedMs, everywhere } = await cluster.revoke(key);
    one().signal("SIGCONT");
    expect(everywhere).toBe(true);
    expect(waitedMs).toBeLessThanOrEqual(LONGEST_MS);
    await cluster.judge();
  }, 60_000);

  test("whose event loop is held up refuses what was taken away meanwhile, in the very turn in which it goes on", async () => {
    const [key] = await cluster.hammer(1);
    if (key === undefined) throw new TypeError("no key");
    const blocked = one().ask({ do: "block", forMs: TERM_MS * 1.5 });
    await cluster.revoke(key);
    await blocked;
    await cluster.judge();
  }, 60_000);

  test("that is killed costs one act its lease, and the next nothing", async () => {
    const keys = await cluster.hammer(2);
    const victim = cluster.verifiers.pop();
    await victim?.end();
    const [first, second] = keys;
    if (first === undefined || second === undefined) throw new TypeError("no keys");
    expect((await cluster.revoke(first)).waitedMs).toBeLessThanOrEqual(LONGEST_MS);
    const effective = await cluster.revoke(second);
    expect(effective.everywhere).toBe(true);
    expect(effective.waitedMs).toBeLessThan(TERM_MS / 2);
    await cluster.judge();
  }, 60_000);

  test("that is closed gives its lease back: nobody waits for it", async () => {
    const [key] = await cluster.hammer(1);
    if (key === undefined) throw new TypeError("no key");
    const leaving = cluster.verifiers.pop();
    await leaving?.ask({ do: "close" });
    const effective = await cluster.revoke(key);
    expect(effective.everywhere).toBe(true);
    expect(effective.waitedMs).toBeLessThan(TERM_MS / 2);
    await leaving?.end();
    await cluster.judge();
  }, 60_000);
});

describe("between verifiers and their node", () => {
  test("a connection that is cut is replaced by one to another node, and no valid key is refused for it", async () => {
    const keys = await cluster.hammer(2);
    const [stays, goes] = keys;
    if (stays === undefined || goes === undefined) throw new TypeError("no keys");
    proxies[0]?.cut();
    await cluster.acceptedEverywhere([stays.secret]);
    await cluster.revoke(goes, 1);
    proxies[0]?.heal();
    await cluster.judge();
    for (const verifier of cluster.verifiers) {
      const { keys: seen } = await verifier.ask({ do: "report" });
      expect(Object.keys(seen[stays.secret]?.codes ?? {})).toEqual(["VALID"]);
    }
  }, 60_000);

  test("a network that passes nothing on and says nothing costs an act no more than the lease", async () => {
    const keys = await cluster.hammer(2);
    const [stays, goes] = keys;
    if (stays === undefined || goes === undefined) throw new TypeError("no keys");
    for (const proxy of proxies) proxy.freeze();
    const { everywhere, waitedMs } = await cluster.revoke(goes, 2);
    expect(everywhere).toBe(true);
    expect(waitedMs).toBeLessThanOrEqual(LONGEST_MS);
    for (const proxy of proxies) proxy.heal();
    await cluster.acceptedEverywhere([stays.secret]);
    await cluster.judge();
  }, 60_000);
});

test("a node that is killed takes no verifier with it", async () => {
  const keys = await cluster.hammer(3);
  const [stays, first, second] = keys;
  if (stays === undefined || first === undefined || second === undefined) throw new TypeError("no keys");
  await cluster.node(2).kill9();
  expect((await cluster.revoke(first, 0)).waitedMs).toBeLessThanOrEqual(LONGEST_MS);
  await cluster.acceptedEverywhere([stays.secret]);
  await cluster.revoke(second, 1);
  await cluster.judge();
}, 60_000);

test("a database that is gone lets them go on for their lease and then refuse, and come back by themselves", async () => {
  const [key] = await cluster.hammer(1);
  if (key === undefined) throw new TypeError("no key");
  databaseProxy.cut();
  for (const verifier of cluster.verifiers) {
    await waitFor(
      async () => (await verifier.ask<string[]>({ do: "verify", keys: [key.secret] }))[0] === "UNAVAILABLE",
      {
        ...{ timeoutMs: 30_000, everyMs: 50, what: "the lease to end" },
      },
    );
  }
  databaseProxy.heal();
  await cluster.acceptedEverywhere([key.secret]);
  await cluster.revoke(key);
  await cluster.judge();
}, 90_000);
