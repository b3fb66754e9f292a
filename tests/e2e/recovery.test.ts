/** Recoverable keys (A4): off unless turned on, sealed where the database alone opens nothing, revealed on record and with a reason, gone with the key. */
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  makeAccount,
  type ShiftedClock,
  shiftedClock,
  startApp,
  succeeded,
  type TestApp,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { eraseEnded } from "../../packages/server/src/modules/recovery/index.ts";
import {
  type AuditEvent,
  client,
  type Key,
  type NewKey,
  openStageOn,
  type Page,
  type Problem,
  type Stage,
} from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";
import { LOCAL_KEK } from "../support/key-keepers.ts";
import { approvalFor } from "../support/samples.ts";

type Revealed = { readonly key: string; readonly version: number; readonly secret: string | null };

const REASON = "the integration lost it, ticket 4711";
let stage: Stage;
let clock: ShiftedClock;
/** On the same database, where nothing is said of recoverable keys. */
let plain: TestApp;
beforeAll(async () => {
  clock = shiftedClock();
  const env = { CLAVIGER_RECOVERABLE: "production", CLAVIGER_KEK: LOCAL_KEK, CLAVIGER_REVEALS_PER_HOUR: "4" };
  stage = await openStageOn(await startApp({ env, house: { clock } }));
  plain = await startApp({ database: stage.app.database, house: { clock } });
});
afterAll(async () => {
  await plain.stop();
  await stage.app.stop();
});

const issue = (fields = {}): Promise<MadeKey> => issueKey(stage.root, stage.account.id, fields);
/** A management key of its own, so that no test uses up what another may reveal in an hour. */
const revealer = async (): Promise<Api> =>
  client(stage.app.url, (await issueManagementKey(stage.root, ["claviger:keys:reveal"])).secret);
const reveal = async (id: string, body: object = {}, api?: Api): Promise<Answer<Revealed & Problem>> =>
  (api ?? (await revealer())).post<Revealed & Problem>(`/v1/keys/${id}/reveal`, { reason: REASON, ...body });
const keyOf = async (id: string): Promise<Key> => succeeded(await stage.root.get<Key>(`/v1/keys/${id}`)).body;
const keptOf = (id: string): Promise<number[]> =>
  asPlatform(stage.app.database, async (sql) => {
    const text = "SELECT version FROM recoverable_secret WHERE key_id = $1 ORDER BY version";
    return (await sql.query<{ version: number }>(text, [id])).rows.map(({ version }) => version);
  });
const write = (text: string, values: unknown[]) => asPlatform(stage.app.database, (sql) => sql.query(text, values));
/** As whoever owns the table, and lets nothing keep them from it. */
async function tamper(text: string, values: unknown[]): Promise<void> {
  const sql = new pg.Client({ ...stage.app.database.owner });
  await sql.connect();
  try {
    await sql.query("SET search_path = claviger; ALTER TABLE recoverable_secret NO FORCE ROW LEVEL SECURITY");
    await sql.query(text, values);
    await sql.query("ALTER TABLE recoverable_secret FORCE ROW LEVEL SECURITY");
  } finally {
    await sql.end();
  }
}
const newestOf = async (id: string): Promise<readonly AuditEvent[]> =>
  succeeded(await stage.root.get<Page<AuditEvent>>(`/v1/audit-events?target=${id}&limit=50`)).body.data;

test("keys are recoverable in environments of the classes that settings name, and nowhere else", async () => {
  const live = await issue();
  expect(await keyOf(live.id)).toMatchObject({ recoverable: true });
  const other = await issue({ environment: "test" });
  expect(await keyOf(other.id)).toMatchObject({ recoverable: false });
  expect(await reveal(other.id)).toMatchObject({ status: 409, body: { code: "KEY_NOT_RECOVERABLE" } });
  const away = await issueKey(client(plain.url, stage.app.managementKey), stage.account.id);
  expect(await keyOf(away.id)).toMatchObject({ recoverable: false });
  // A node on which it is off reveals nothing either.
  const there = client(plain.url, stage.app.managementKey);
  expect(await reveal(live.id, {}, there)).toMatchObject({ status: 409, body: { code: "KEY_NOT_RECOVERABLE" } });
});

test("a secret is revealed as it was issued, kept in no cache, and on record with who and why and without the secret", async () => {
  const { id, secret } = await issue();
  const { id: caller, secret: credential } = await issueManagementKey(stage.root, ["claviger:keys:reveal"]);
  const api = client(stage.app.url, credential);
  const headers = { "idempotency-key": "reveal-once" };
  const answer = await api.post<Revealed>(`/v1/keys/${id}/reveal`, { reason: REASON }, headers);
  expect(answer).toMatchObject({ status: 200, body: { key: id, version: 1, secret } });
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const again = await api.post<Revealed>(`/v1/keys/${id}/reveal`, { reason: REASON }, headers);
  expect(again).toMatchObject({ status: 200, body: { key: id, version: 1, secret: null } });
  const events = (await newestOf(id)).filter(({ action }) => action === "key.revealed");
  expect(events).toMatchObject([
    { actor: { type: "management-key", id: caller }, account: stage.account.id, after: { version: 1, reason: REASON } },
  ]);
  const { rows } = await write(
    "SELECT payload FROM outbox_event WHERE type = 'key.revealed' AND payload->>'key' = $1",
    [id],
  );
  expect(rows).toEqual([{ payload: { key: id, version: 1, reason: REASON } }]);
  expect(JSON.stringify([events, rows])).not.toContain(secret);
});

test("it takes a scope that no wildcard holds, and a reason", async () => {
  const { id, secret } = await issue();
  for (const scopes of [["claviger:*"], ["claviger:keys:*"], ["claviger:keys:read"], ["claviger:keys:write"]]) {
    const { secret: credential } = await issueManagementKey(stage.root, scopes);
    const answer = await reveal(id, {}, client(stage.app.url, credential));
    expect(answer).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
  }
  expect((await reveal(id, {}, client(stage.app.url, secret))).status).toBeGreaterThanOrEqual(401);
  // Nobody grants it who does not hold it.
  const { secret: wide } = await issueManagementKey(stage.root, ["claviger:*"]);
  const asked = { account: "platform", label: "x", scopes: ["claviger:keys:reveal"], rationale: "x" };
  const granted = await client(stage.app.url, wide).post<Problem>("/v1/keys", asked);
  expect(granted).toMatchObject({ status: 403, body: { code: "GRANT_EXCEEDED" } });
  for (const reason of [undefined, "", "  ", "x".repeat(501), secret]) {
    expect(await reveal(id, { reason })).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
  }
  expect(await reveal(id, { version: 2 })).toMatchObject({ status: 400 });
  expect((await newestOf(id)).map(({ action }) => action)).toEqual(["key.created"]);
});

test("management keys and imported secrets are not kept; a key that is not there is not found", async () => {
  const { id: management } = await issueManagementKey(stage.root, ["claviger:keys:read"]);
  expect((await reveal(management)).status).toBe(404);
  expect(await reveal(management, {}, stage.root)).toMatchObject({
    status: 409,
    body: { code: "KEY_NOT_RECOVERABLE" },
  });
  expect((await reveal("key_01ARZ3NDEKTSV4RRFFQ69G5FAV")).status).toBe(404);
  const line = {
    account: stage.account.id,
    environment: "live",
    label: "old",
    scopes: ["contacts:read"],
    key: "old_platform_0123456789abcdef",
  };
  const headers = { "content-type": "application/x-ndjson" };
  succeeded(await stage.root.call("POST", "/v1/imports", { body: `${JSON.stringify(line)}\n`, headers }));
  const listed = succeeded(await stage.root.get<Page<Key>>(`/v1/keys?account=${stage.account.id}&q=old`)).body.data;
  expect(listed).toMatchObject([{ label: "old", recoverable: false }]);
  // What comes after it is one of ours.
  const { secret } = succeeded(await stage.root.post<{ secret: string }>(`/v1/keys/${listed[0]?.id}/rotate`, {})).body;
  expect(await reveal(listed[0]?.id ?? "")).toMatchObject({ status: 200, body: { version: 2, secret } });
});

test("each version of a key is kept until it has ended: by rotation, by its holder, by approval", async () => {
  const { id, secret } = await issue();
  const fresh = succeeded(await stage.root.post<{ secret: string }>(`/v1/keys/${id}/rotate`, {})).body.secret;
  expect((await reveal(id)).body).toEqual({ key: id, version: 2, secret: fresh });
  expect((await reveal(id, { version: 1 })).body).toEqual({ key: id, version: 1, secret });
  succeeded(await stage.root.post(`/v1/keys/${id}/rotation/finish`));
  expect(await keptOf(id)).toEqual([2]);
  expect(await reveal(id, { version: 1 })).toMatchObject({ status: 409, body: { code: "STATE_CONFLICT" } });
  const own = succeeded(await client(stage.app.url, fresh).post<{ secret: string }>("/v1/keys/self/rotate")).body
    .secret;
  expect((await reveal(id)).body).toEqual({ key: id, version: 3, secret: own });
  const approval = await approvalFor(stage.root, "approvals.claim");
  const claimed = succeeded(await stage.root.post<NewKey>(`/v1/approvals/${approval}/claim`)).body;
  expect((await reveal(claimed.key.id)).body).toMatchObject({ version: 1, secret: claimed.secret });
});

test("whatever ends a key erases its secret: revoked, by its holder, among many, with its account, and by time", async () => {
  const account = await makeAccount(stage.root);
  const issueThere = (fields = {}) => issueKey(stage.root, account.id, fields);
  const revoked = await issueThere();
  succeeded(await stage.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
  const own = await issueThere();
  succeeded(await client(stage.app.url, own.secret).post("/v1/keys/self/revoke", { reason: "leaked" }));
  const selected = await issueThere();
  succeeded(await stage.root.post("/v1/keys/revoke", { ids: [selected.id], reason: "unused" }));
  for (const { id } of [revoked, own, selected]) {
    expect(await keptOf(id)).toEqual([]);
    expect(await keyOf(id)).toMatchObject({ recoverable: false, status: "revoked" });
    expect(await reveal(id)).toMatchObject({ status: 409, body: { code: "STATE_CONFLICT" } });
  }
  const suspended = await issueThere();
  succeeded(await stage.root.post(`/v1/keys/${suspended.id}/suspend`, { reason: "a question" }));
  expect((await reveal(suspended.id)).body.secret).toBe(suspended.secret);
  const closed = await issueThere();
  succeeded(await stage.root.post(`/v1/accounts/${account.id}/close`, { reason: "it has ended" }));
  await waitFor(async () => (await keptOf(closed.id)).length === 0, { what: "the keys of the account to end" });
});

test("no call makes keys recoverable: an environment does not come into a class whose keys are", async () => {
  const put = (body: object) => stage.root.put<Problem>("/v1/environments/trial", { tag: "trl", ...body });
  succeeded(await put({ class: "development" }));
  expect(await put({ class: "production" })).toMatchObject({
    ...{ status: 409, body: { code: "CONFLICT", errors: [{ path: "class" }] } },
  });
  succeeded(await put({ class: "staging" }));
});

test("nobody is shown the secret of a key that has expired, and a day later it is erased, lest a clock that runs ahead does so", async () => {
  const [soon, later] = [await issue({ expiresInDays: 1 }), await issue()];
  const api = await revealer();
  const ends = clock.wall() + 86_400_001;
  const was = clock.shiftMs;
  clock.moveTo(ends);
  onTestFinished(() => clock.moveTo(Date.now() + was));
  const ready = async () => (await client(stage.app.url, null).get("/readyz")).status === 200;
  await waitFor(ready, { what: "a lease", timeoutMs: 15_000 });
  expect(await reveal(soon.id, {}, api)).toMatchObject({ status: 409, body: { code: "STATE_CONFLICT" } });
  const eraseAt = (wall: number) =>
    eraseEnded({ database: stage.app.database.database, clock: { mono: clock.mono, wall: () => wall } });
  await eraseAt(ends);
  expect(await keptOf(soon.id)).toEqual([1]);
  await eraseAt(ends + 86_400_000);
  expect(await keptOf(soon.id)).toEqual([]);
  expect(await keptOf(later.id)).toEqual([1]);
});

test("a sealed secret opens in its own row alone: moved to another key, another version or altered, it does not", async () => {
  const [a, b] = [await issue(), await issue()];
  const api = await revealer();
  const move = (columns: string) =>
    write(
      `UPDATE recoverable_secret t SET ${columns} FROM recoverable_secret s WHERE t.key_id = $1 AND s.key_id = $2`,
      [a.id, b.id],
    );
  const broken = { status: 409, body: { code: "KEY_NOT_RECOVERABLE" } };
  // The role of the service may not even write what is sealed.
  await expect(move("sealed = s.sealed")).rejects.toThrow(/permission denied/);
  await tamper(
    "UPDATE recoverable_secret t SET sealed = s.sealed, wrapped = s.wrapped FROM recoverable_secret s WHERE t.key_id = $1 AND s.key_id = $2",
    [a.id, b.id],
  );
  expect(await reveal(a.id, {}, api)).toMatchObject(broken);
  const rotated = succeeded(await stage.root.post<{ secret: string }>(`/v1/keys/${b.id}/rotate`, {})).body.secret;
  expect((await reveal(b.id, {}, api)).body.secret).toBe(rotated);
  await tamper(
    "UPDATE recoverable_secret t SET sealed = s.sealed, wrapped = s.wrapped FROM recoverable_secret s WHERE t.key_id = $1 AND t.version = 2 AND s.key_id = $1 AND s.version = 1",
    [b.id],
  );
  expect(await reveal(b.id, {}, api)).toMatchObject(broken);
  const c = await issue();
  await tamper(
    "UPDATE recoverable_secret SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE key_id = $1",
    [c.id],
  );
  expect(await reveal(c.id, {}, api)).toMatchObject(broken);
  expect((await newestOf(c.id)).map(({ action }) => action)).toEqual(["key.created"]);
});

test("no two secrets share a nonce or a data key, and none is in the table in the clear", async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => issue()));
  const { rows } = await write(
    "SELECT encode(sealed, 'hex') AS sealed, encode(wrapped, 'hex') AS wrapped FROM recoverable_secret WHERE key_id = ANY ($1)",
    [keys.map(({ id }) => id)],
  );
  expect(rows).toHaveLength(8);
  const texts = (rows as { sealed: string; wrapped: string }[]).map(({ sealed, wrapped }) => [
    sealed.slice(0, 24),
    wrapped,
  ]);
  expect(new Set(texts.map(([nonce]) => nonce)).size).toBe(texts.length);
  expect(new Set(texts.map(([, wrapped]) => wrapped)).size).toBe(texts.length);
  for (const { secret } of keys) expect(JSON.stringify(rows)).not.toContain(Buffer.from(secret).toString("hex"));
});

test("a management key reveals so many in an hour, and no more when they are asked for at once", async () => {
  const { id } = await issue();
  const api = await revealer();
  const answers = await Promise.all(Array.from({ length: 9 }, () => reveal(id, {}, api)));
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429, 429, 429, 429]);
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: "TOO_MANY_ATTEMPTS" });
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(3_000);
  expect((await newestOf(id)).filter(({ action }) => action === "key.revealed")).toHaveLength(4);
  expect((await reveal(id)).status).toBe(200);
});
