/** A node that is killed between two chunks of an act on many keys: others go on with it, and each key is come to once. */
import { createHash } from "node:crypto";
import { PLATFORM } from "@claviger/server";
import { type Api, makeAccount, makeScopes, startService, succeeded, testDatabase, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, type Page, readAll } from "../support/client.ts";

/** Of several chunks. */
const KEYS = 5_000;

interface Act {
  readonly id: string;
  readonly status: string;
  readonly acted: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Killed {
  readonly id: string;
  readonly account: string;
  /** Of another node, which was not there before. */
  readonly root: Api;
  /** The request that was under way, made again. */
  repeat(): Promise<{ readonly status: number; readonly body: { readonly bulkAct: Act; readonly effective: unknown } }>;
}

/** Ends all keys of an account on one node, kills that when some of them have ended, and starts another. */
async function killBetweenChunks(): Promise<Killed> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const first = await startService({ database });
  onTestFinished(() => first.stop(), 30_000);
  const root = client(first.url, first.managementKey);
  await makeScopes(root);
  const { id: account } = await makeAccount(root);
  await importKeys(root, account);
  const ask = (api: Api) =>
    api.post<{ bulkAct: Act; effective: unknown }>(
      "/v1/keys/revoke",
      { account, reason: "leaked", confirm: KEYS },
      { "idempotency-key": "one-act" },
    );
  const asked = ask(root).catch(() => null);
  const id = await waitFor(async () => {
    const { body } = await root.get<Page<AuditEvent>>("/v1/audit-events?action=bulk-act.started");
    return body.data[0]?.target.id;
  });
  await waitFor(async () => (await root.get<Act>(`/v1/bulk-acts/${id}`)).body.acted > 0, { timeoutMs: 30_000 });
  await first.kill9();
  expect(await asked).toBeNull();
  const [left] = await database.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ acted: number }>`SELECT acted FROM bulk_act WHERE id = ${id}`.execute(tx);
    return rows;
  });
  expect(left?.acted).toBeGreaterThan(0);
  expect(left?.acted).toBeLessThan(KEYS);
  const second = await startService({ database });
  onTestFinished(() => second.stop(), 30_000);
  const other = client(second.url, first.managementKey);
  return { id, account, root: other, repeat: () => ask(other) };
}

async function importKeys(root: Api, account: string): Promise<void> {
  const lines = Array.from({ length: KEYS }, (_, index) => {
    const sha256 = createHash("sha256").update(`key ${index}`).digest("hex");
    return JSON.stringify({ account, environment: "live", label: `key ${index}`, scopes: ["contacts:read"], sha256 });
  });
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "keys" };
  succeeded(await root.call("POST", "/v1/imports", { body: `${lines.join("\n")}\n`, headers }));
}

/** Each key was revoked once, on behalf of who asked. */
async function expectOnce({ root, account }: Killed): Promise<void> {
  const path = `/v1/audit-events?account=${account}&action=key.revoked`;
  const events = await readAll<AuditEvent>(root, path, 200);
  expect(events).toHaveLength(KEYS);
  expect(new Set(events.map(({ target }) => target.id)).size).toBe(KEYS);
  const { id } = (await root.get<{ id: string }>("/v1/keys/self")).body;
  expect(new Set(events.map(({ actor }) => actor.id))).toEqual(new Set([id]));
}

test("is finished by another node, which nobody asks", async () => {
  const killed = await killBetweenChunks();
  const act = await waitFor(
    async () => {
      const { body } = await killed.root.get<Act>(`/v1/bulk-acts/${killed.id}`);
      return body.status === "finished" ? body : null;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );
  expect(act).toMatchObject({ acted: KEYS, outcomes: { done: KEYS } });
  await expectOnce(killed);
}, 150_000);

test("is finished by its request, which is repeated on another node and answers what is in force", async () => {
  const killed = await killBetweenChunks();
  const { body } = await waitFor(
    async () => {
      const answer = await killed.repeat();
      return answer.status === 200 ? answer : null;
    },
    { timeoutMs: 60_000 },
  );
  expect(body).toMatchObject({ bulkAct: { id: killed.id, status: "finished", acted: KEYS } });
  expect(body.bulkAct.outcomes).toMatchObject({ done: KEYS });
  expect(body.effective).toMatchObject({ everywhere: true });
  await expectOnce(killed);
}, 150_000);
