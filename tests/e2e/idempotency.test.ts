import { issueKey, issueManagementKey, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type AuditEvent,
  client,
  type Key,
  type KeyResult,
  type NewKey,
  openStage,
  type Page,
  type Problem,
  type Stage,
} from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const body = (label: string) => ({ account: stage.account.id, environment: "live", label, scopes: ["contacts:read"] });
const create = (label: string, key: string, root = stage.root) =>
  root.post<NewKey & Problem>("/v1/keys", body(label), { "idempotency-key": key });
const labelled = async (label: string) =>
  (await stage.root.get<Page<Key>>(`/v1/keys?account=${stage.account.id}&q=${label}`)).body.data;

test("a repeated call answers the same as the first, without its secret, and does nothing again", async () => {
  const [label, once] = [uniqueSuffix(), uniqueSuffix()];
  const first = await create(label, once);
  const second = await create(label, once);
  expect(second.status).toBe(first.status);
  expect(second.body).toEqual({ key: first.body.key, link: null, handOver: null, secret: null });
  expect(await labelled(label)).toHaveLength(1);
  const events = await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${first.body.key.id}`);
  expect(events.body.data).toHaveLength(1);
});

test("twenty calls at once with one key create one key, and one of them alone is told its secret", async () => {
  const [label, once] = [uniqueSuffix(), uniqueSuffix()];
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(label, once)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  expect(new Set(answers.map((answer) => answer.body.key.id)).size).toBe(1);
  expect(answers.filter((answer) => answer.body.secret !== null)).toHaveLength(1);
  expect(await labelled(label)).toHaveLength(1);
});

test("another body or another address with a used key is refused", async () => {
  const once = uniqueSuffix();
  const first = await create("one", once);
  expect((await create("two", once)).body).toMatchObject({ status: 422, code: "IDEMPOTENCY_KEY_REUSED" });
  const elsewhere = await stage.root.post<Problem>(`/v1/keys/${first.body.key.id}/resume`, undefined, {
    "idempotency-key": once,
  });
  expect(elsewhere.body).toMatchObject({ status: 422, code: "IDEMPOTENCY_KEY_REUSED" });
});

test("a call that failed is not remembered: it may be repeated, corrected or not", async () => {
  const once = uniqueSuffix();
  const wrong = await stage.root.post<Problem>(
    "/v1/keys",
    { ...body("x"), scopes: ["never:was"] },
    { "idempotency-key": once },
  );
  expect(wrong.status).toBe(400);
  expect((await create("right", once)).status).toBe(201);
});

test("a key is used up for each credential by itself", async () => {
  const [label, once] = [uniqueSuffix(), uniqueSuffix()];
  const other = client(stage.app.url, (await issueManagementKey(stage.root, ["claviger:keys:*"])).secret);
  expect((await create(label, once)).status).toBe(201);
  const theirs = await create(label, once, other);
  expect(theirs.status).toBe(201);
  expect(theirs.body.secret).not.toBeNull();
  expect(await labelled(label)).toHaveLength(2);
});

test("a repeated revoke passes the barrier again and says so afresh", async () => {
  const { id } = await issueKey(stage.root, stage.account.id);
  const revoke = () =>
    stage.root.post<KeyResult>(`/v1/keys/${id}/revoke`, { reason: "leaked" }, { "idempotency-key": `revoke-${id}` });
  const first = await revoke();
  const second = await revoke();
  expect(second.body.key).toEqual(first.body.key);
  expect(second.body.effective).toMatchObject({ everywhere: true, seq: first.body.effective?.seq, lapsed: [] });
});

test("a holder may repeat the end of its own key", async () => {
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const holder = client(stage.app.url, secret);
  for (let time = 0; time < 2; time += 1) {
    const ended = await holder.post<KeyResult>("/v1/keys/self/revoke", undefined, { "idempotency-key": "once" });
    expect(ended.body).toMatchObject({ key: { id, status: "revoked" }, effective: { everywhere: true } });
  }
});

test("parallel revokes with different keys all end in the same state and say that it holds", async () => {
  const { id } = await issueKey(stage.root, stage.account.id);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      stage.root.post<KeyResult>(
        `/v1/keys/${id}/revoke`,
        { reason: "leaked" },
        { "idempotency-key": `${id}-${index}` },
      ),
    ),
  );
  for (const { body } of answers)
    expect(body).toMatchObject({ key: { status: "revoked" }, effective: { everywhere: true } });
});

test.each(["", " ", "two words", "x".repeat(201), "é", "tab\tbed"])("the key %j is refused", async (once) => {
  const answer = await stage.root.call<Problem>("POST", "/v1/keys", {
    body: body("x"),
    headers: { "idempotency-key": once },
  });
  expect(answer.body).toMatchObject({ status: 400, errors: [{ path: "Idempotency-Key" }] });
});

test("with 200 printable characters it is taken", async () => {
  expect((await create("long", `${uniqueSuffix()}${"!~".repeat(96)}`)).status).toBe(201);
});
