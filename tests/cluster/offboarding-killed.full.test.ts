/** A node that is killed while a member is off-boarded: they are deactivated, and another node goes on with their keys. */
import { createHash } from "node:crypto";
import { type Api, makeAccount, makeScopes, startService, succeeded, testDatabase, waitFor } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, type Member, readAll } from "../support/client.ts";

/** Of several chunks. */
const KEYS = 3_000;

interface Answer {
  readonly offboarding: { readonly bulkAct: string };
  readonly bulkAct: { readonly status: string; readonly acted: number; readonly outcomes: object };
  readonly effective: { readonly everywhere: boolean } | null;
}

test("each key is come to once, whoever goes on with it", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const first = await startService({ database });
  onTestFinished(() => first.stop(), 30_000);
  const root = client(first.url, first.managementKey);
  await makeScopes(root);
  const account = await makeAccount(root);
  const owner = account.members.developer;
  await importKeys(root, account.id, owner);
  const path = `/v1/accounts/${account.id}/members/${owner}/offboard`;
  const ask = (api: Api, waitSeconds: number) =>
    api.post<Answer>(path, { keys: "hand-over", to: "team:platform", waitSeconds });
  const begun = await ask(root, 0);
  await first.kill9();
  expect(begun).toMatchObject({ status: 202, body: { bulkAct: { status: "running" }, effective: null } });
  const second = await startService({ database });
  onTestFinished(() => second.stop(), 30_000);
  const other = client(second.url, first.managementKey);
  const member = (await other.get<Member>(`/v1/accounts/${account.id}/members/${owner}`)).body;
  expect(member.status).toBe("deactivated");
  const done = await waitFor(
    async () => {
      const answer = await ask(other, 20);
      return answer.status === 200 ? answer.body : null;
    },
    { timeoutMs: 60_000 },
  );
  expect(done).toMatchObject({
    ...{ offboarding: { bulkAct: begun.body.offboarding.bulkAct }, effective: { everywhere: true } },
    bulkAct: { status: "finished", acted: KEYS, outcomes: { done: KEYS } },
  });
  const events = await readAll<AuditEvent>(other, `/v1/audit-events?account=${account.id}&action=key.updated`, 200);
  expect(new Set(events.map(({ target }) => target.id)).size).toBe(KEYS);
  expect(events).toHaveLength(KEYS);
}, 120_000);

async function importKeys(root: Api, account: string, owner: string): Promise<void> {
  const lines = Array.from({ length: KEYS }, (_, index) => {
    const sha256 = createHash("sha256").update(`key ${index}`).digest("hex");
    return JSON.stringify({ account, environment: "live", label: `key ${index}`, tier: "read", owner, sha256 });
  });
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "keys" };
  succeeded(await root.call("POST", "/v1/imports", { body: `${lines.join("\n")}\n`, headers }));
}
