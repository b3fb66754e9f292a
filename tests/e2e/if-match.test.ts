/** Two who act on one key at once: one wins, and the other is told so. */
import { issueKey, succeeded, waitFor } from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Key, openStage, type Page, type Problem, type Stage } from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

type Shown = Key & { readonly etag: string };
const shown = (id: string) => stage.root.get<Shown>(`/v1/keys/${id}`);
const ACTS = [
  ["PATCH", "", { purpose: "reports" }],
  ["POST", "/suspend", { reason: "a question" }],
  ["POST", "/resume", {}],
  ["POST", "/throttle", { amount: 5, per: "minute", forMinutes: 5, reason: "loops" }],
  ["POST", "/unthrottle", {}],
  ["POST", "/revoke", { reason: "unused" }],
] as const;

test("the tag of a key is told where it is made and where it is read, and no use changes it", async () => {
  const made = await stage.root.post<{ key: Shown; secret: string }>("/v1/keys", {
    ...{ account: stage.account.id, environment: "live", label: "tagged", scopes: ["contacts:read"] },
    ...{ metadata: { z: 1, a: { y: [2, { d: 1, b: 2 }] } }, limits: [{ name: "all", per: "day", amount: 9 }] },
  });
  const { key, secret } = succeeded(made).body;
  const first = await shown(key.id);
  expect(first.headers.get("etag")).toBe(key.etag);
  expect(first.body.etag).toBe(key.etag);
  expect(key.etag).toMatch(/^"[\w-]{16}"$/);
  succeeded(await stage.root.post("/v1/verify", { key: secret, environment: "live" }));
  await waitFor(async () => (await shown(key.id)).body.lastUsedAt !== null, { timeoutMs: 20_000 });
  expect((await shown(key.id)).body.etag).toBe(key.etag);
  for (const sort of ["-createdAt", "label", "status"]) {
    const listed = await stage.root.get<Page<Shown>>(`/v1/keys?account=${stage.account.id}&sort=${sort}`);
    expect(listed.body.data.map(({ etag }) => etag)).toEqual([key.etag]);
  }
});

test.each(ACTS)("%s …%s is carried out on what was seen, and else on nothing", async (method, path, body) => {
  const { id } = await issueKey(stage.root, stage.account.id);
  const { etag: old } = (await shown(id)).body;
  succeeded(await stage.root.patch(`/v1/keys/${id}`, { purpose: "changed by somebody else" }));
  const before = (await shown(id)).body;
  const act = (match: string) =>
    stage.root.call<Problem>(method, `/v1/keys/${id}${path}`, { body, headers: { "if-match": match } });
  expect(await act(old)).toMatchObject({ status: 412, body: { code: "PRECONDITION_FAILED" } });
  expect((await shown(id)).body).toEqual(before);
  expect((await act(`"another", ${before.etag}`)).status).toBe(200);
  expect((await act("*")).status).toBe(200);
});

test("of two who change a key at the same moment without having said what they saw, the one who waited is told", async () => {
  const { id } = await issueKey(stage.root, stage.account.id);
  const { node, roles } = stage.app.database;
  const [holder, watcher] = [new pg.Client(node), new pg.Client(node)];
  for (const client of [holder, watcher]) {
    await client.connect();
    onTestFinished(() => client.end());
  }
  await holder.query("BEGIN");
  const settings = "set_config('claviger.reach', 'platform', true), set_config('search_path', 'claviger', true)";
  await holder.query(`SELECT set_config('role', $1, true), ${settings}`, [roles.platform]);
  await holder.query("SELECT FROM api_key WHERE id = $1 FOR NO KEY UPDATE", [id]);
  const both = ["one", "two"].map((purpose) => stage.root.patch<Problem>(`/v1/keys/${id}`, { purpose }));
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  await waitFor(async () => (await watcher.query(waiting)).rowCount === 2, { what: "two who wait for the key" });
  await holder.query("ROLLBACK");
  const answers = await Promise.all(both);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe("CONFLICT");
  const { purpose } = (await shown(id)).body;
  expect(purpose).toBe(answers[0]?.status === 200 ? "one" : "two");
});
