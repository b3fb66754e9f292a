/** A node that is killed while it erases a closed account: another one finishes it, nothing is left, and the chain is whole. */
import { createHash } from "node:crypto";
import { PLATFORM } from "@claviger/server";
import {
  type Api,
  MASTER_KEY,
  makeAccount,
  makeScopes,
  startService,
  succeeded,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { openKeyring } from "../../packages/server/src/db/index.ts";
import { systemClock, systemRandom } from "../../packages/server/src/index.ts";
import { verifyChain } from "../../packages/server/src/modules/audit/index.ts";
import { type Account, client } from "../support/client.ts";

/** Of several steps. */
const KEYS = 5_000;
const SLOW = { timeoutMs: 60_000 };

test("goes on where it was", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const count = async (condition: ReturnType<typeof sql>): Promise<number> => {
    const { rows } = await database.database.transaction(PLATFORM, (tx) =>
      sql<{
        count: number;
      }>`SELECT count(*)::int AS count FROM api_key WHERE kind = 'customer' AND (${condition})`.execute(tx),
    );
    return rows[0]?.count ?? 0;
  };
  const first = await startService({ database });
  onTestFinished(() => first.stop(), 30_000);
  const root = client(first.url, first.managementKey);
  await makeScopes(root);
  const { id } = await makeAccount(root);
  await importKeys(root, id);
  const body = { reason: "left", eraseAfterDays: 0, confirm: KEYS, waitSeconds: 0 };
  expect((await root.post(`/v1/accounts/${id}/close`, body)).status).toBe(202);
  await waitFor(async () => (await count(sql`erased_at IS NOT NULL`)) > 0, { ...SLOW, everyMs: 5 });
  await first.kill9();
  expect(await count(sql`erased_at IS NULL`)).toBeGreaterThan(0);
  const second = await startService({ database });
  onTestFinished(() => second.stop(), 30_000);
  const other = client(second.url, first.managementKey);
  await waitFor(async () => (await other.get<Account>(`/v1/accounts/${id}`)).body.erasedAt !== null, SLOW);
  expect(await count(sql`label <> 'erased' OR state <> 'revoked'`)).toBe(0);
  const keyring = await openKeyring(database.database, Buffer.from(MASTER_KEY, "base64"), systemClock, systemRandom);
  const keys = { byVersion: (version: number) => keyring.byVersion("audit", version) };
  expect(await verifyChain(database.database, keys)).toMatchObject({ ok: true });
}, 180_000);

async function importKeys(root: Api, account: string): Promise<void> {
  const lines = Array.from({ length: KEYS }, (_, index) => {
    const sha256 = createHash("sha256").update(`key ${index}`).digest("hex");
    return JSON.stringify({ account, environment: "live", label: `key ${index}`, tier: "read", sha256 });
  });
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "keys" };
  succeeded(await root.call("POST", "/v1/imports", { body: `${lines.join("\n")}\n`, headers }));
}
