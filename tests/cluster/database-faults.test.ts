/**
 * What goes wrong inside the database while keys are taken away (C4): a node that is frozen in the middle of a transaction, a table
 * that somebody holds, a snapshot that stays open. An act may wait or fail; it is never reported as done before it is.
 */
import { type MadeKey, makeAccount, type TestDatabase, testDatabase, waitFor } from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Effective, Problem } from "../support/client.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
/** A node's lease with the drift of clocks, after the second that a transaction may stand idle. */
const LONGEST_MS = 1_000 + TERM_MS * 1.25;
const FREEZES = 3;
const MOST_TRIES = 200;

let database: TestDatabase;
let cluster: VerifierCluster;
let operator: pg.Client;
/** Logs in as the nodes do, and so sees what they do. */
let watcher: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  cluster = new VerifierCluster({ database, termMs: TERM_MS, nodes: 2 });
  await cluster.start();
  const [first = "", second = ""] = cluster.nodes.map(({ url }) => url);
  await cluster.addVerifier([first, second]);
  await cluster.addVerifier([second, first]);
  operator = new pg.Client(database.owner);
  operator.on("error", () => undefined);
  await operator.connect();
  watcher = new pg.Client(database.node);
  await watcher.connect();
  await operator.query("SET search_path = claviger");
}, 120_000);
afterAll(async () => {
  await operator.end();
  await watcher.end();
  await cluster.stop();
  await database.drop();
}, 60_000);

/** Whether some connection of the service has begun a transaction that writes, and says nothing. */
async function standsInTransaction(): Promise<boolean> {
  const { rows } = await watcher.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'claviger'
       AND state = 'idle in transaction' AND backend_xid IS NOT NULL`,
  );
  return rows.length > 0;
}

test("a node that is frozen in the middle of acts holds up those on other accounts for a second and its lease at most", async () => {
  const keys = await cluster.hammer(FREEZES, 0, await makeAccount(cluster.on(0)));
  const busy = await cluster.hammer(20);
  const halted = { over: false };
  // Acts that go on and on by the node that will be frozen; whatever becomes of them is none of this test's business.
  const acting = Promise.all(
    busy.map(async ({ id }) => {
      while (!halted.over) {
        await cluster
          .on(1)
          .post(`/v1/keys/${id}/suspend`, { reason: "x" })
          .catch(() => undefined);
        await cluster
          .on(1)
          .post(`/v1/keys/${id}/resume`)
          .catch(() => undefined);
      }
    }),
  );
  let frozen = 0;
  const took: number[] = [];
  for (let tries = 0; frozen < FREEZES && tries < MOST_TRIES; tries += 1) {
    cluster.node(1).signal("SIGSTOP");
    const key = (await standsInTransaction()) ? keys[frozen] : undefined;
    try {
      if (key !== undefined) {
        frozen += 1;
        const began = performance.now();
        expect((await cluster.revoke(key, 0)).everywhere).toBe(true);
        took.push(performance.now() - began);
      }
    } finally {
      cluster.node(1).signal("SIGCONT");
    }
    await waitFor(async () => (await cluster.on(1).get("/readyz")).status === 200, { timeoutMs: 20_000 });
  }
  halted.over = true;
  await acting;
  expect(frozen, "times that it was frozen in a transaction").toBe(FREEZES);
  expect(Math.max(...took), took.join(" ")).toBeLessThan(LONGEST_MS + 1_000);
  await cluster.judge();
}, 180_000);

describe("a table that somebody holds for longer than a lease, as a migration that waits in a queue does", () => {
  /** The act, settled: done everywhere, or an error that says it may not be. */
  async function tryToRevoke(key: MadeKey): Promise<"done" | "unsure"> {
    const answer = await cluster
      .on(0)
      .post<{ effective: Effective } | Problem>(`/v1/keys/${key.id}/revoke`, { reason: "leaked" });
    if (answer.status !== 200) {
      expect(answer.status).toBe(503);
      return "unsure";
    }
    expect("effective" in answer.body && answer.body.effective.everywhere).toBe(true);
    cluster.ended(key.secret);
    return "done";
  }

  test.each(["node", "change_head", "api_key", "change_log"])(
    "%s: acts fail or come late, none is said to be done too early",
    async (table) => {
      const [stays, goes, later] = await cluster.hammer(3);
      if (stays === undefined || goes === undefined || later === undefined) throw new TypeError("no keys");
      await operator.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const acting = tryToRevoke(goes);
      try {
        const held = performance.now() + TERM_MS * 1.5;
        await waitFor(() => performance.now() > held, { timeoutMs: TERM_MS * 3, what: "more than a lease" });
      } finally {
        await operator.query("ROLLBACK");
      }
      await acting;
      await cluster.acceptedEverywhere([stays.secret]);
      await waitFor(async () => (await tryToRevoke(goes)) === "done", { timeoutMs: 30_000, everyMs: 200 });
      expect(await tryToRevoke(later)).toBe("done");
      await cluster.judge();
    },
    90_000,
  );
});

test("a snapshot that stays open on the primary makes nothing late", async () => {
  await operator.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM change_log");
  try {
    const keys = await cluster.hammer(60);
    for (const [index, key] of keys.entries()) {
      const effective = await cluster.revoke(key, index % 2);
      expect(effective).toMatchObject({ everywhere: true, verifiers: 2, lapsed: [] });
      expect(effective.waitedMs).toBeLessThan(TERM_MS);
    }
  } finally {
    await operator.query("ROLLBACK");
  }
  await cluster.judge();
}, 90_000);
