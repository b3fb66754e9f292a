/**
 * Programs that verify in several threads or processes at once (C4): each has a verifier of its own, with a lease of its own, and
 * what was taken away is refused in all of them once the act has returned.
 */
import { waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
const LONGEST_MS = TERM_MS * 1.25;
const THREADS = 4;
const PROCESSES = 3;

let cluster: VerifierCluster;

beforeAll(async () => {
  cluster = await VerifierCluster.open({ termMs: TERM_MS, nodes: 2 });
  const urls = cluster.nodes.map(({ url }) => url);
  await cluster.addCrew("threads", THREADS, urls);
  await cluster.addCrew("cluster", PROCESSES, urls);
}, 120_000);
afterAll(() => cluster.close());

test("worker threads and the processes of a cluster are waited for one by one, and refuse when the act has returned", async () => {
  const keys = await cluster.hammer(6);
  for (const [index, key] of keys.entries()) {
    const effective = await cluster.revoke(key, index % 2);
    expect(effective).toMatchObject({ everywhere: true, verifiers: THREADS + PROCESSES, lapsed: [] });
    expect(effective.waitedMs).toBeLessThan(TERM_MS / 2);
  }
  await cluster.judge();
}, 60_000);

test("one whose event loop is held up in all its threads or processes costs an act no more than the lease", async () => {
  for (const crew of cluster.verifiers) {
    const [key] = await cluster.hammer(1);
    if (key === undefined) throw new TypeError("no key");
    const blocked = crew.ask({ do: "block", forMs: TERM_MS * 1.5 });
    expect((await cluster.revoke(key)).waitedMs).toBeLessThanOrEqual(LONGEST_MS);
    await blocked;
  }
  await cluster.judge();
}, 60_000);

test("a thread that is terminated, and a process of a cluster that is killed, take none of the others with them", async () => {
  const keys = await cluster.hammer(4);
  const [stays, ...go] = keys;
  if (stays === undefined) throw new TypeError("no key");
  for (const crew of cluster.verifiers) await crew.ask({ do: "lose" });
  for (const key of go) expect((await cluster.revoke(key)).waitedMs).toBeLessThanOrEqual(LONGEST_MS);
  await cluster.acceptedEverywhere([stays.secret]);
  await waitFor(
    async () => {
      const [key] = await cluster.hammer(1);
      return key !== undefined && (await cluster.revoke(key)).verifiers === THREADS + PROCESSES - 2;
    },
    { timeoutMs: 20_000, what: "the two that are gone to be waited for no more" },
  );
  await cluster.judge();
}, 90_000);
