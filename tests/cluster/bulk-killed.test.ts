/** A node that is killed in the middle of an act on many keys: another goes on with it, and each key is come to once. */
import { issueKey, makeAccount, makeScopes, startService, testDatabase, waitFor } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, readAll } from "../support/client.ts";

const KEYS = 60;

interface Act {
  readonly id: string;
  readonly status: string;
  readonly acted: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

test("is finished by another node, with one event for each key, and its request may be repeated there", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const [first, second] = [await startService({ database }), await startService({ database })];
  onTestFinished(() => second.stop(), 30_000);
  const root = client(first.url, first.managementKey);
  await makeScopes(root);
  const account = await makeAccount(root);
  for (let index = 0; index < KEYS; index += 1) await issueKey(root, account.id);
  const headers = { "idempotency-key": "one-act" };
  const body = { account: account.id, reason: "leaked", confirm: KEYS };
  // Answered or not: the process is gone before or while it acts.
  const asked = root.post("/v1/keys/revoke", { ...body }, headers).catch(() => null);
  await waitFor(async () => {
    const events = await client(second.url, first.managementKey).get<{ data: unknown[] }>(
      `/v1/audit-events?action=bulk-act.started`,
    );
    return events.body.data.length === 1;
  });
  await first.kill9();
  await asked;
  const other = client(second.url, first.managementKey);
  const repeated = await waitFor(
    async () => {
      const answer = await other.post<{ bulkAct: Act; effective: unknown }>("/v1/keys/revoke", { ...body }, headers);
      return answer.status === 200 ? answer.body : null;
    },
    { timeoutMs: 30_000 },
  );
  expect(repeated).toMatchObject({ bulkAct: { status: "finished", acted: KEYS }, effective: { everywhere: true } });
  expect(repeated.bulkAct.outcomes).toMatchObject({ done: KEYS });
  const path = `/v1/audit-events?account=${account.id}&action=key.revoked`;
  const events = await readAll<AuditEvent>(other, path, 200);
  expect(new Set(events.map(({ target }) => target.id)).size).toBe(KEYS);
  expect(events).toHaveLength(KEYS);
}, 120_000);
