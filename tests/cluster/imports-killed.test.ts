/** A node that is killed in the middle of an import: sent again to another, every line becomes one key, and nothing is half imported. */
import { makeAccount, makeScopes, startService, testDatabase, waitFor } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, type Key, readAll, type Verdict } from "../support/client.ts";

const LINES = 3_000;

interface Import {
  readonly state: string;
  readonly lines: number;
  readonly imported: number;
  readonly known: number;
  readonly failed: number;
}

test("is gone on with under its name by another node, and each line is one key with one event", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const [first, second] = [await startService({ database }), await startService({ database })];
  onTestFinished(() => second.stop(), 30_000);
  const root = client(first.url, first.managementKey);
  const other = client(second.url, first.managementKey);
  await makeScopes(root);
  const account = await makeAccount(root);
  const keyOf = (line: number): string => `sk_old_${String(line).padStart(20, "0")}`;
  const lines = Array.from({ length: LINES }, (_, line) =>
    JSON.stringify({
      account: account.id,
      environment: "live",
      label: "old",
      scopes: ["contacts:read"],
      key: keyOf(line),
    }),
  );
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "one-import" };
  const send = (target: typeof root) =>
    target.call<Import>("POST", "/v1/imports", { body: `${lines.join("\n")}\n`, headers });
  const asked = send(root).catch(() => null);
  const reached = async (): Promise<number> => (await other.get<Import>("/v1/imports/ext:one-import")).body.lines ?? 0;
  await waitFor(async () => (await reached()) > 0);
  await first.kill9();
  await asked;
  const left = await reached();
  const sent = await waitFor(
    async () => {
      const answer = await send(other);
      return answer.status === 200 ? answer.body : null;
    },
    { timeoutMs: 60_000 },
  );
  expect(left % 500).toBe(0);
  expect(sent).toMatchObject({ state: "done", lines: LINES, imported: LINES, known: 0, failed: 0 });
  const keys = await readAll<Key>(other, `/v1/keys?account=${account.id}`, 200);
  expect(keys).toHaveLength(LINES);
  const events = await readAll<AuditEvent>(other, `/v1/audit-events?account=${account.id}&action=key.imported`, 200);
  expect(new Set(events.map(({ target }) => target.id)).size).toBe(LINES);
  expect(events).toHaveLength(LINES);
  for (const line of [0, Math.max(0, left - 1), left, LINES - 1].filter((each) => each < LINES)) {
    const verdict = await other.post<Verdict>("/v1/verify", { key: keyOf(line), environment: "live" });
    expect(verdict.body.code).toBe("VALID");
  }
}, 180_000);
