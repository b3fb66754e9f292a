/**
 * Two nodes, programs that verify for themselves, and clients that call all along: a guided rotation refuses nobody, and once it is
 * finished nobody accepts the old version (C4, D4, K1).
 */
import { type Api, makeAccount, succeeded, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effective, Verdict } from "../support/client.ts";
import { act, rotate, seenInUse } from "../support/rotation-stage.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
const VERIFIERS = 3;

let cluster: VerifierCluster;

beforeAll(async () => {
  cluster = await VerifierCluster.open({ termMs: TERM_MS, nodes: 2 });
  const urls = cluster.nodes.map(({ url }) => url);
  for (let index = 0; index < VERIFIERS; index += 1) {
    await cluster.addVerifier(index % 2 === 0 ? urls : urls.toReversed());
  }
}, 120_000);
afterAll(() => cluster.close(), 60_000);

/** A program of a customer's, which calls with the key that it is set up with, and remembers every answer. */
class Caller {
  readonly answers: string[] = [];
  key: string;
  readonly #api: Api;
  readonly #done: Promise<void>;
  #ended = false;

  constructor(api: Api, key: string) {
    [this.#api, this.key] = [api, key];
    this.#done = this.#call();
  }

  async #call(): Promise<void> {
    while (!this.#ended) {
      const asked = { key: this.key, environment: "live", method: "GET", path: "/contacts" };
      const { body } = await this.#api.post<Verdict>("/v1/verify", asked);
      this.answers.push(body.valid ? `VALID ${body.version}` : body.code);
    }
  }

  /** Once it has called so often more. */
  async calls(more: number): Promise<void> {
    const goal = this.answers.length + more;
    await waitFor(() => this.answers.length >= goal, { timeoutMs: 30_000, what: "calls" });
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#done;
  }
}

test("not one request is refused through a guided rotation, and none is accepted with the old version once it is finished", async () => {
  // With limits, which are divided among nodes and lent to the programs, and are the key's through all of it.
  const limits = [{ name: "fair", amount: 10_000_000, per: "hour" }];
  succeeded(await cluster.on(0).put("/v1/plans/fair", { limits }));
  const [key] = await cluster.hammer(1, 0, await makeAccount(cluster.on(0), "fair"));
  if (key === undefined) throw new TypeError("no key");
  const callers = [0, 1].map((node) => new Caller(cluster.on(node).as(cluster.verifyCredential), key.secret));
  for (const caller of callers) await caller.calls(50);
  // Issue, by one node; all else by the other.
  const { body: rotated } = await rotate(cluster.on(0), key.id);
  const fresh = rotated.secret ?? "";
  expect(rotated.effective).toMatchObject({ everywhere: true, nodes: 2, verifiers: VERIFIERS });
  for (const caller of callers) await caller.calls(50);
  // The programs take it over one after the other.
  for (const verifier of cluster.verifiers) await verifier.ask({ do: "add", keys: [fresh] });
  for (const caller of callers) {
    caller.key = fresh;
    await caller.calls(50);
  }
  await cluster.acceptedEverywhere([key.secret, fresh]);
  const seen = await seenInUse(cluster.on(1), key.id);
  expect(seen.versions.map(({ status }) => status)).toEqual(["retiring", "active"]);
  await waitFor(
    async () => ((await act(cluster.on(1), key.id, "confirm")).body.warnings[0]?.traffic?.accepted1h ?? 0) > 0,
  );
  for (const verifier of cluster.verifiers) {
    const { keys } = await verifier.ask({ do: "report" });
    for (const secret of [key.secret, fresh]) expect(Object.keys(keys[secret]?.codes ?? {})).toEqual(["VALID"]);
  }
  const finished = await act(cluster.on(1), key.id, "finish");
  cluster.effectiveOf(finished as { body: { effective: Effective } } & typeof finished, key.secret);
  expect(finished.body.effective).toMatchObject({ everywhere: true, nodes: 2, verifiers: VERIFIERS });
  for (const caller of callers) await caller.calls(50);
  await cluster.judge();
  for (const verifier of cluster.verifiers) {
    const { keys } = await verifier.ask({ do: "report" });
    expect(Object.keys(keys[fresh]?.codes ?? {})).toEqual(["VALID"]);
  }
  for (const caller of callers) {
    await caller.end();
    expect([...new Set(caller.answers)]).toEqual(["VALID 1", "VALID 2"]);
  }
}, 120_000);

test("an emergency is in force in every verifier when it returns, and so is a cancellation", async () => {
  const keys = await cluster.hammer(2);
  const [leaked, kept] = keys;
  if (leaked === undefined || kept === undefined) throw new TypeError("no keys");
  const { body } = await rotate(cluster.on(1), leaked.id, { overlapHours: 0 });
  cluster.ended(leaked.secret);
  expect(body.effective).toMatchObject({ everywhere: true, verifiers: VERIFIERS });
  const { body: started } = await rotate(cluster.on(0), kept.id);
  const fresh = started.secret ?? "";
  for (const verifier of cluster.verifiers) await verifier.ask({ do: "add", keys: [fresh] });
  await cluster.acceptedEverywhere([fresh, kept.secret]);
  const cancelled = await act(cluster.on(1), kept.id, "cancel");
  cluster.ended(fresh);
  expect(cancelled.body.effective).toMatchObject({ everywhere: true });
  await cluster.acceptedEverywhere([kept.secret]);
  await cluster.judge();
}, 60_000);

test("what is seen and what is over is recorded once, though both nodes look", async () => {
  const [key] = await cluster.hammer(1);
  if (key === undefined) throw new TypeError("no key");
  const { body } = await rotate(cluster.on(0), key.id, { overlapHours: 0, graceStarts: "first-use" });
  const api = cluster.on(1).as(cluster.verifyCredential);
  await api.post("/v1/verify", { key: body.secret, environment: "live" });
  await seenInUse(cluster.on(0), key.id);
  const events = async () => {
    const { body: page } = await cluster
      .on(0)
      .get<{ data: { action: string }[] }>(`/v1/audit-events?target=${key.id}&limit=200`);
    return page.data.map(({ action }) => action).toReversed();
  };
  await waitFor(async () => (await events()).includes("rotation.finished"));
  expect(await events()).toEqual(["key.created", "key.rotated", "rotation.seen", "rotation.finished"]);
}, 60_000);
