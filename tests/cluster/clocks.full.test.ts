/** Real processes whose clocks are wrong: no accept starts after an act has returned, and leases do not depend on what the time is (C4). */
import {
  driftingClock,
  type FaultyClock,
  type FaultyProxy,
  issueKey,
  jumpingClock,
  proxyTo,
  type Service,
  type TestDatabase,
  testDatabase,
  type VerifierProcess,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { client, type Verdict } from "../support/client.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
const HOUR_S = 3_600;

let database: TestDatabase;
let cluster: VerifierCluster;

beforeEach(async () => {
  database = await testDatabase();
  cluster = new VerifierCluster({ database, termMs: TERM_MS, nodes: 1 });
  await cluster.start();
}, 60_000);
afterEach(async () => {
  await cluster.stop();
  await database.drop();
}, 60_000);

const removed = async (clock: Promise<FaultyClock>): Promise<FaultyClock> => {
  const made = await clock;
  onTestFinished(() => made.remove());
  return made;
};
const portOf = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
const on = (service: Service) => client(service.url, cluster.node(0).managementKey);
const askNode = async (service: Service, key: string): Promise<string> => {
  const question = { key, environment: "live", method: "GET", path: "/contacts" };
  return (await on(service).post<Verdict>("/v1/verify", question)).body.code;
};
const askVerifier = async (verifier: VerifierProcess, key: string): Promise<string> =>
  (await verifier.ask<string[]>({ do: "verify", keys: [key] }))[0] ?? "";
const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

describe("a wall clock that jumps by an hour, there and back", () => {
  test.each([HOUR_S, -HOUR_S])(
    "by %i s, of a node and of a verifier: leases go on, and no accept is late",
    async (by) => {
      const [ofNode, ofVerifier] = [await removed(jumpingClock()), await removed(jumpingClock())];
      const node = await cluster.addNode(ofNode.environment);
      await cluster.addVerifier([node.url], {}, ofVerifier.environment);
      await cluster.addVerifier([cluster.node(0).url]);
      const [lasting, ...others] = await cluster.hammer(4);
      if (lasting === undefined) throw new TypeError("no keys");
      for (const [index, jump] of [by, 0, by].entries()) {
        await ofNode.jump(jump);
        await ofVerifier.jump(jump);
        // A jump forward ends the lease by the wall clock: the node refuses until it has renewed, which it does at once.
        await waitFor(async () => (await askNode(node, lasting.secret)) === "VALID", { timeoutMs: TERM_MS });
        await cluster.acceptedEverywhere([lasting.secret]);
        const key = others[index] ?? lasting;
        expect(await cluster.revoke(key, index % 2)).toMatchObject({ everywhere: true, verifiers: 2 });
      }
      await cluster.judge();
    },
    90_000,
  );

  test("keys expire as much too early on that node and its verifiers; a verifier's own wall clock does not matter", async () => {
    const clock = await removed(jumpingClock());
    const node = await cluster.addNode(clock.environment);
    const { secret } = await issueKey(cluster.on(0), cluster.account.id, { expiresAt: inMinutes(30) });
    const own = await removed(jumpingClock());
    const wrong = await cluster.addVerifier([cluster.node(0).url], {}, own.environment);
    const right = await cluster.addVerifier([node.url]);
    const all = async () => [
      await askNode(cluster.node(0), secret),
      await askVerifier(wrong, secret),
      await askNode(node, secret),
      await askVerifier(right, secret),
    ];
    const follow = (codes: string) => waitFor(async () => (await all()).join() === codes, { timeoutMs: 10_000 });
    await follow("VALID,VALID,VALID,VALID");
    await clock.jump(HOUR_S);
    await own.jump(HOUR_S);
    await follow("VALID,VALID,EXPIRED,EXPIRED");
    await clock.jump(0);
    await own.jump(0);
    await follow("VALID,VALID,VALID,VALID");
  }, 60_000);
});

/** What it says right after an act returned that could not reach it, again and again for a term. */
async function saysAfterwards(ask: () => Promise<string>): Promise<string[]> {
  const said: string[] = [];
  const until = performance.now() + TERM_MS;
  while (performance.now() < until) said.push(await ask());
  return said;
}

describe("clocks that run at another rate, of whoever is cut off when a key is revoked", () => {
  const cases = [
    ["slow by eight percent, which the promise covers", 0.92, false],
    ["fast by eight percent, which the promise covers", 1.08, false],
    // Shows that this test would see it.
    ["slow by half, which nothing covers", 0.5, true],
  ] as const;

  test.each(cases)(
    "a verifier, %s",
    async (_, rate, accepts) => {
      const clock = await removed(driftingClock(rate));
      const address: FaultyProxy = await proxyTo(portOf(cluster.node(0).url));
      onTestFinished(() => address.close());
      const verifier = await cluster.addVerifier(
        [`http://127.0.0.1:${address.connection.port}`],
        {},
        clock.environment,
      );
      const { id, secret } = await issueKey(cluster.on(0), cluster.account.id);
      await waitFor(async () => (await askVerifier(verifier, secret)) === "VALID");
      address.freeze();
      const answer = await cluster.on(0).post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
      expect(answer).toMatchObject({ status: 200, body: { effective: { everywhere: true } } });
      const said = await saysAfterwards(() => askVerifier(verifier, secret));
      expect(said.length).toBeGreaterThan(0);
      expect(said.includes("VALID")).toBe(accepts);
    },
    60_000,
  );

  test.each(cases)(
    "a node, %s",
    async (_, rate, accepts) => {
      const clock = await removed(driftingClock(rate));
      const network = await proxyTo(database.node);
      const apart = new VerifierCluster({
        ...{ database: { ...database, node: network.connection }, termMs: TERM_MS, nodes: 0 },
      });
      const node = await apart.addNode(clock.environment);
      const { id, secret } = await issueKey(cluster.on(0), cluster.account.id);
      await waitFor(async () => (await askNode(node, secret)) === "VALID");
      network.freeze();
      const answer = await cluster.on(0).post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
      expect(answer).toMatchObject({ status: 200, body: { effective: { everywhere: true } } });
      const said = await saysAfterwards(() => askNode(node, secret));
      network.heal();
      await apart.stop();
      await network.close();
      expect(said.length).toBeGreaterThan(0);
      expect(said.includes("VALID")).toBe(accepts);
    },
    60_000,
  );
});
