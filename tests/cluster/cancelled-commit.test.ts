/**
 * A commit whose wait for a synchronous standby is cut short succeeds for its client, with a warning. No act may take it for done: a
 * failover undoes it (C4; design: coherence).
 */
import { type Database, openDatabase, PLATFORM, UncertainCommitError } from "@claviger/server";
import {
  type Answer,
  type Api,
  api,
  issueKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  makeScopes,
  type ReplicatedPostgres,
  replicatedPostgres,
  type Service,
  startService,
  type TestDatabase,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { client, type Effective, type Problem, type Verdict } from "../support/client.ts";

/** Long, so that the lease, whose renewals wait for the standby as well, is valid throughout. */
const TERM_MS = 60_000;

let postgres: ReplicatedPostgres;
let database: TestDatabase;
let service: Service;
let root: Api;
let account: MadeAccount;
let key: MadeKey;

beforeAll(async () => {
  postgres = await replicatedPostgres();
  const pool = openDatabase({
    ...{ connection: { ...postgres.node }, roles: postgres.roles },
    onIdleError: () => undefined,
  });
  database = {
    ...{ database: pool, owner: postgres.owner, node: postgres.node, roles: postgres.roles },
    drop: () => pool.close(),
  };
  service = await startService({ database, env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
  root = client(service.url, service.managementKey);
  await makeScopes(root);
  account = await makeAccount(root);
}, 120_000);
afterAll(async () => {
  await service?.stop();
  await database?.drop();
  await postgres?.stop();
}, 60_000);

beforeEach(async () => {
  key = await issueKey(root, account.id);
  expect(await verify(key)).toBe("VALID");
  await demandStandby("nowhere");
});
afterEach(() => demandStandby(""));

/** From now on commits wait for a standby of this name, or for none. */
async function demandStandby(name: string): Promise<void> {
  await postgres.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
  await postgres.query("SELECT pg_reload_conf()");
  await waitFor(async () => (await probeWaits()) === (name !== ""), { what: "the setting to be in force" });
}

/** Whether a commit waits now. The setting itself shows a little before it is in force. */
async function probeWaits(): Promise<boolean> {
  const probe = { query: "SELECT pg_logical_emit_message(true, 'probe', '')", done: false };
  const written = postgres.query(probe.query).then(() => {
    probe.done = true;
  });
  const waits = await waitFor(async () => {
    const pid = await waitingFor(probe.query);
    if (pid !== null) await cancel(pid);
    return pid !== null ? "yes" : probe.done ? "no" : null;
  });
  await written;
  return waits === "yes";
}

interface Acted {
  readonly effective: Effective | null;
}
type Told = Answer<Acted & Problem & { readonly seq?: number; readonly secret?: string | null }>;

const verify = async ({ secret }: MadeKey): Promise<string> =>
  (await root.post<Verdict>("/v1/verify", { key: secret, environment: "live" })).body.code;
const revoke = (): Promise<Told> => root.post(`/v1/keys/${key.id}/revoke`, { reason: "leaked" });

/** The process of the server that waits for a standby with this statement. */
async function waitingFor(query: string): Promise<number | null> {
  const [row] = await postgres.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = $1 AND backend_type = 'client backend'",
    [query],
  );
  return row?.pid ?? null;
}

/** That of a transaction; a renewal of a lease is no such. */
const waitingCommit = (): Promise<number | null> => waitingFor("commit");
const cancel = (pid: number): Promise<unknown> => postgres.query("SELECT pg_cancel_backend($1)", [pid]);

/** Asks, and once the commit waits, cancels the wait. */
async function cancelling(asked: Promise<Told>): Promise<Told> {
  const outcome: { answer?: Told } = {};
  const answered = asked.then((answer) => {
    outcome.answer = answer;
  });
  await waitFor(
    async () => {
      const pid = await waitingCommit();
      if (pid !== null) await cancel(pid);
      return outcome.answer !== undefined;
    },
    { timeoutMs: 20_000, what: "an answer after the cancelled wait" },
  );
  await answered;
  return asked;
}

describe("an act whose commit is cancelled while it waits for a standby", () => {
  test("that takes something away answers 503 with its number, and is in force here", async () => {
    const told = await cancelling(revoke());
    expect(told.body).toMatchObject({ status: 503, code: "BARRIER_UNCONFIRMED" });
    expect(told.body.seq).toBeGreaterThan(0);
    expect(told.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await verify(key)).toBe("REVOKED");
  });

  test("is no success when it is repeated either, until the commit would outlive a failover", async () => {
    expect((await cancelling(revoke())).status).toBe(503);
    // Done already, and yet it waits: whoever only looked would report what a failover takes back.
    const again = await cancelling(revoke());
    expect(again.body).toMatchObject({ status: 503, code: "BARRIER_UNCONFIRMED" });
    const waiting = revoke();
    await waitFor(async () => (await waitingCommit()) !== null);
    await demandStandby("");
    const settled = await waiting;
    expect(settled.status).toBe(200);
    expect(settled.body.effective).toMatchObject({ everywhere: true });
  });

  test("that rotates a key loses the secret: its Idempotency-Key finds the rotation, and rotating again gives another secret", async () => {
    const rotate = (name: string): Promise<Told> =>
      root.post(`/v1/keys/${key.id}/rotate`, {}, { "idempotency-key": `${name}-${key.id}` });
    const told = await cancelling(rotate("first"));
    expect(told.body).toMatchObject({ status: 503, code: "BARRIER_UNCONFIRMED" });
    expect(told.text).not.toMatch(/clv_live_/);
    await demandStandby("");
    const found = await rotate("first");
    expect(found).toMatchObject({ status: 201, body: { secret: null, rotation: { from: 1, to: 2 } } });
    expect(found.body.effective).toMatchObject({ everywhere: true });
    const again = await rotate("second");
    expect(again).toMatchObject({ status: 201, body: { rotation: { from: 1, to: 3 } } });
    expect(await verify(key)).toBe("VALID");
    expect(await verify({ ...key, secret: again.body.secret ?? "" })).toBe("VALID");
  });

  test("that only gives answers 503 as well, and its Idempotency-Key finds it once it will last", async () => {
    const headers = { "idempotency-key": "only-once" };
    const body = { account: account.id, environment: "live", label: "unsure", scopes: ["contacts:read"] };
    const create = (): Promise<Told> => root.post("/v1/keys", body, headers);
    expect((await cancelling(create())).body).toMatchObject({ status: 503, code: "UNAVAILABLE" });
    expect((await cancelling(create())).body).toMatchObject({ status: 503 });
    await demandStandby("");
    const settled = await create();
    expect(settled.body).toMatchObject({ secret: null });
    const listed = await root.get<{ data: unknown[] }>(`/v1/keys?account=${account.id}&q=unsure`);
    expect(listed.body.data).toHaveLength(1);
  });
});

test("uses are not counted twice because a standby was away", async () => {
  const accepted = async () => {
    const [row] = await database.database.transaction(
      PLATFORM,
      async (tx) =>
        (
          await sql<{
            n: number;
          }>`SELECT coalesce(sum(accepted), 0)::int AS n FROM key_use WHERE key_id = ${key.id}`.execute(tx)
        ).rows,
    );
    return row?.n ?? 0;
  };
  // One verification is behind it already. The writer of uses is the only one that commits now.
  await waitFor(async () => (await accepted()) === 1 || (await waitingCommit()) !== null, { timeoutMs: 10_000 });
  for (let round = 0; round < 3; round += 1) {
    expect(await verify(key)).toBe("VALID");
    const pid = await waitFor(waitingCommit, { timeoutMs: 10_000 });
    await cancel(pid);
    await waitFor(async () => (await waitingCommit()) !== pid);
  }
  await demandStandby("");
  expect(await verify(key)).toBe("VALID");
  await waitFor(async () => (await accepted()) >= 5, { timeoutMs: 10_000 });
  await waitFor(async () => (await api(service.url, null).get("/readyz")).status === 200);
  expect(await accepted()).toBe(5);
});

describe("a transaction whose wait is cut short", () => {
  const touch = (pool: Database): Promise<unknown> =>
    pool.transaction(PLATFORM, (tx) => sql`SELECT seq FROM change_head FOR UPDATE`.execute(tx));
  const cut = async (work: Promise<unknown>): Promise<unknown> => {
    const outcome: { error?: unknown } = {};
    const ended = work.then(
      () => ({ error: null }),
      (error: unknown) => ({ error }),
    );
    void ended.then(({ error }) => {
      outcome.error = error;
    });
    await waitFor(async () => {
      const pid = await waitingCommit();
      if (pid !== null) await cancel(pid);
      return "error" in outcome;
    });
    return outcome.error;
  };

  test("is uncertain, whatever the role's default is; the next one on its connection is not", async () => {
    // These wait like any other commit.
    await demandStandby("");
    await postgres.query("ALTER ROLE claviger_node SET synchronous_commit = 'local'");
    await demandStandby("nowhere");
    const pool = openDatabase({ connection: { ...postgres.node }, roles: postgres.roles, poolSize: 1 });
    try {
      expect(await cut(touch(pool))).toBeInstanceOf(UncertainCommitError);
      expect(await cut(touch(pool))).toBeInstanceOf(UncertainCommitError);
      await pool.transaction(PLATFORM, (tx) => sql`SELECT seq FROM change_head`.execute(tx));
      await demandStandby("");
      await touch(pool);
    } finally {
      await pool.close();
      await demandStandby("");
      await postgres.query("ALTER ROLE claviger_node RESET synchronous_commit");
    }
  });
});
