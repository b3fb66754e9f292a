/** The catalogue of events and what acts announce are the same, in types and in data. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EVENT_TYPES } from "@claviger/contract";
import {
  type Api,
  api,
  fillExpiring,
  issueKey,
  makeAccount,
  makeScopes,
  openMeteringStage,
  openNoticeStage,
  silentLogger,
  startApp,
  succeeded,
  type TestDatabase,
  waitFor,
  webhookReceiver,
} from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createIds } from "../../kernel/ids.ts";
import { systemRandom } from "../../kernel/random.ts";
import { selectSavedIds } from "../inventory/index.ts";
import { createKeys } from "../keys/index.ts";
import { watchViews } from "../views/index.ts";
import { sentenceOf } from "./sentence.ts";

const SOURCE = fileURLToPath(new URL("../../", import.meta.url));
const types = EVENT_TYPES.map(({ type }) => type);

/** Types that stand in what acts announce, by the file in which they do. */
function announcedIn(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\bemits\(\{\s*type:\s*([^,]+),/g)].flatMap(([, expression = ""]) => {
    const named = [...expression.matchAll(/"([a-z_-]+\.[a-z_-]+)"/g)].map(([, type = ""]) => type);
    // A step of a rotation, which has its type from what it is audited as.
    return named.length > 0 ? named : [...text.matchAll(/^ {2}"(rotation\.[a-z_]+)":/gm)].map(([, type = ""]) => type);
  });
}

test("what the code announces is in the catalogue, and what is in the catalogue is announced somewhere", () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(SOURCE, file));
  const calls = files.filter((file) => /\bemits\(\{/.test(readFileSync(file, "utf8")));
  for (const file of calls) expect(announcedIn(file), file).not.toEqual([]);
  const announced = new Set(calls.flatMap(announcedIn));
  // Sent by the test button alone, to the one webhook that it is of.
  announced.add("webhook.test");
  // Of many keys at once, beside no act.
  announced.add("keys.expiring");
  // Of what will be done with a key, and is not yet.
  announced.add("key.dormant");
  // Of what is seen, and not done.
  announced.add("view.gained");
  expect([...announced].toSorted()).toEqual(types.toSorted());
});

interface Told {
  readonly type: string;
  readonly account: string | null;
  readonly payload: unknown;
}

function announcedBy({ database }: TestDatabase): Promise<Told[]> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<Told>`SELECT type, account_id AS account, payload FROM outbox_event ORDER BY id`.execute(
      tx,
    );
    return rows;
  });
}

async function actOnAccountsAndKeys(root: Api, account: string): Promise<void> {
  const act = async (path: string, body: object = {}) => void succeeded(await root.post(path, body));
  const { id } = await issueKey(root, account);
  succeeded(await root.patch(`/v1/keys/${id}`, { purpose: "reports", dependants: ["CRM"] }));
  await act(`/v1/keys/${id}/suspend`, { reason: "a question" });
  await act(`/v1/keys/${id}/resume`);
  await act(`/v1/keys/${id}/throttle`, { amount: 9, per: "hour", forMinutes: 5, reason: "loops" });
  await act(`/v1/keys/${id}/unthrottle`);
  await act(`/v1/keys/${id}/reveal`, { reason: "a test" });
  await act(`/v1/accounts/${account}/members/ext:viewer/offboard`);
  const steps = ["rotate", "rotation/acknowledge", "rotation/confirm", "rotation/extend", "rotation/finish", "rotate"];
  const bodies: Record<string, object> = {
    "rotation/acknowledge": { dependant: "CRM" },
    "rotation/extend": { hours: 1 },
  };
  for (const step of [...steps, "rotation/cancel"]) await act(`/v1/keys/${id}/${step}`, bodies[step]);
  await act(`/v1/keys/${id}/revoke`, { reason: "unused" });
  await act(`/v1/accounts/${(await makeAccount(root)).id}/close`, { reason: "left", eraseAfterDays: 0 });
  await act(`/v1/accounts/${account}/suspend`, { reason: "a debt" });
  await act(`/v1/accounts/${account}/resume`);
  await openLinks(root, account);
  await act("/v1/keys/revoke", { ids: [(await issueKey(root, account)).id], reason: "unused" });
  const line = { hash: "0".repeat(64), account, environment: "live", label: "imported", scopes: ["contacts:read"] };
  const headers = { "content-type": "application/x-ndjson", "idempotency-key": "event-types" };
  succeeded(await root.call("POST", "/v1/imports", { body: `${JSON.stringify(line)}\n`, headers }));
}

/** One that is opened, and one that somebody tries who does not know its passphrase. */
async function openLinks(root: Api, account: string): Promise<void> {
  for (const [link, tries] of [[{}, 1] as const, [{ passphrase: "correct horse" }, 5] as const]) {
    const asked = { account, environment: "live", label: "x", scopes: ["contacts:read"], link };
    const made = succeeded(await root.post<{ link: { url: string } }>("/v1/keys", asked)).body.link;
    const token = new URL(made.url).hash.slice(1);
    for (let tried = 0; tried < tries; tried += 1) await root.post("/v1/links/open", { token, passphrase: "wrong" });
  }
}

async function useKeys(root: Api, account: string): Promise<void> {
  const { id } = await issueKey(root, account);
  succeeded(await root.put(`/v1/budgets/${id}/requests`, { amount: 1 }));
  const { body } = succeeded(await root.post<{ secret: string }>(`/v1/keys/${id}/rotate`, {}));
  succeeded(await root.post("/v1/verify", { key: body.secret, environment: "live" }));
}

async function askForApproval({ database }: TestDatabase, root: Api, account: string): Promise<void> {
  succeeded(await root.put("/v1/policies/asking", { approvals: [{ by: "account", tiers: ["write"] }] }));
  succeeded(await root.put(`/v1/accounts/${account}/policy`, { policy: "asking" }));
  for (const member of ["asker", "approver"]) {
    const person = { email: `${member}@a.example`, name: member, role: "admin" };
    succeeded(await root.put(`/v1/accounts/${account}/members/ext:${member}`, person));
  }
  const ask = async () => {
    const wanted = { account, environment: "live", label: "asked for", tier: "write", createdBy: "ext:asker" };
    return succeeded(await root.post<{ approval: { id: string } }>("/v1/keys", wanted)).body.approval.id;
  };
  for (const verb of ["approve", "deny"])
    succeeded(await root.post(`/v1/approvals/${await ask()}/${verb}`, { by: "ext:approver" }));
  const late = await ask();
  await database.transaction(PLATFORM, (tx) =>
    sql`UPDATE approval SET due_at = now() - interval '1 second' WHERE id = ${late}`.execute(tx),
  );
}

/** One store takes a secret, and one takes none in time: of what somebody asked for, and of what a schedule has made. */
async function deliverSecrets({ database }: TestDatabase, root: Api, account: string): Promise<void> {
  const ids: string[] = [];
  for (const store of ["takes", "refuses", "refuses"]) {
    succeeded(await root.put(`/v1/stores/${store}`, { command: store }));
    const deliverTo = { store, path: "a/path" };
    const wanted = { account, environment: "live", label: "for a store", scopes: ["contacts:read"], deliverTo };
    const made = succeeded(await root.post<{ key: { id: string }; handOver: { id: string } }>("/v1/keys", wanted)).body;
    succeeded(await root.put(`/v1/keys/${made.key.id}/schedule`, { everyDays: 9, deliverTo }));
    ids.push(made.handOver.id);
  }
  await database.transaction(PLATFORM, (tx) =>
    sql`UPDATE hand_over SET due_at = now(), deadline = now(), scheduled = id = ${ids.at(-1)}
      WHERE store_id = 'refuses' AND state = 'waiting'`.execute(tx),
  );
}

/** One split that is cancelled, and one that ends: the key is used by somebody meanwhile. */
async function splitKeys({ database }: TestDatabase, root: Api, account: string): Promise<void> {
  const { id, secret } = await issueKey(root, account);
  const path = `/v1/keys/${id}/split`;
  for (const step of ["", "/cancel", ""]) succeeded(await root.post(path + step));
  succeeded(await root.post("/v1/verify", { key: secret, environment: "live", userAgent: "curl/8" }));
  await waitFor(
    async () => {
      await database.transaction(PLATFORM, (tx) =>
        sql`UPDATE key_split SET next_at = now() WHERE key_id = ${id} AND next_at > now()`.execute(tx),
      );
      return succeeded(await root.get<{ callers: readonly unknown[] }>(path)).body.callers.length > 0;
    },
    { timeoutMs: 20_000 },
  );
  succeeded(await root.post(`${path}/finish`, { early: true }));
}

/** A key that nobody used for a while, under a policy that wants such keys suspended. */
async function leaveIdle({ database }: TestDatabase, root: Api, account: string): Promise<void> {
  const { id, secret } = await issueKey(root, account);
  succeeded(await root.put(`/v1/keys/${id}/policy`, { dormancyDays: 1, dormancyAction: "suspend" }));
  succeeded(await root.post("/v1/verify", { key: secret, environment: "live" }));
  await waitFor(
    async () => {
      const { numAffectedRows } = await database.transaction(PLATFORM, (tx) =>
        sql`UPDATE key_use SET last_used_at = now() - interval '3 days' WHERE key_id = ${id}`.execute(tx),
      );
      return numAffectedRows === 1n;
    },
    { timeoutMs: 20_000 },
  );
  await database.transaction(PLATFORM, (tx) => sql`UPDATE dormancy_walk SET began_at = 'epoch'`.execute(tx));
}

/** A view that is looked at, and has a key more at the next look. */
async function gainRows({ database }: TestDatabase, root: Api, account: string): Promise<void> {
  succeeded(await root.put("/v1/views/mine", { filter: { account }, notify: true }));
  const ids = createIds(systemClock, systemRandom);
  const look = () => watchViews({ database, clock: systemClock, ids, logger: silentLogger, select: selectSavedIds });
  await look();
  await issueKey(root, account);
  await database.transaction(PLATFORM, (tx) => sql`UPDATE view_look SET looked_at = 'epoch'`.execute(tx));
  await look();
}

async function loseReceiver(root: Api): Promise<void> {
  const receiver = await webhookReceiver();
  onTestFinished(() => receiver.close());
  receiver.react(() => 410);
  succeeded(await root.put("/v1/webhooks/gone", { url: receiver.url, events: ["*"] }));
  succeeded(await root.post("/v1/webhooks/gone/test"));
}

async function announcedByBatches(): Promise<Told[]> {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  const account = await stage.newAccount(null);
  const authority = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
  const acting = {
    actor: { type: "system", id: "test" },
    source: { via: "system", ip: null, userAgent: null, requestId: null },
  } as const;
  const input = { account, environment: "live", tier: null, scopes: ["contacts:read"], owner: "team:data" };
  const inputs = ["one", "two"].map((label) => ({ ...input, label, expiresAt: null }));
  await createKeys(stage.ports, acting, authority, inputs);
  stage.at(1, 50 * 3_600_000);
  await stage.close();
  return announcedBy(stage.home);
}

async function announcedByWarnings(): Promise<Told[]> {
  const stage = await openNoticeStage();
  onTestFinished(() => stage.drop());
  const day = 86_400_000;
  const [from, issuedAt] = [stage.clock.wall() + 3 * day, stage.clock.wall() - 60 * day];
  await fillExpiring(stage.home, { accounts: 1, keysPerAccount: 12, from, spreadMs: day / 4, issuedAt });
  await stage.node().warn();
  return announcedBy(stage.home);
}

test("every type, made by the act that announces it, has the data that the catalogue says, and a sentence of its own", async () => {
  const kept = { CLAVIGER_RECOVERABLE: "production", CLAVIGER_KEK: Buffer.alloc(32, 1).toString("base64") };
  const commands = JSON.stringify({ takes: ["/usr/bin/true"], refuses: ["/usr/bin/false"] });
  const env = { CLAVIGER_ALLOW_PRIVATE_TARGETS: "true", CLAVIGER_STORE_COMMANDS: commands, ...kept };
  const app = await startApp({ env });
  onTestFinished(() => app.stop());
  const root = api(app.url, app.managementKey);
  await makeScopes(root);
  const account = (await makeAccount(root)).id;
  await actOnAccountsAndKeys(root, account);
  await useKeys(root, account);
  await deliverSecrets(app.database, root, account);
  await splitKeys(app.database, root, account);
  await leaveIdle(app.database, root, account);
  await gainRows(app.database, root, account);
  await loseReceiver(root);
  succeeded(await root.post("/v1/drills"));
  await askForApproval(app.database, root, (await makeAccount(root)).id);
  const last = [
    "approval.expired",
    "rotation.seen_in_use",
    "budget.crossed",
    "webhook.disabled",
    "bulk-act.finished",
    "keys.imported",
    "account.erased",
    "store.delivered",
    "hand-over.offered",
    "schedule.held",
    "key.dormant",
  ];
  await waitFor(
    async () => {
      const told = new Set((await announcedBy(app.database)).map(({ type }) => type));
      return last.every((type) => told.has(type));
    },
    { timeoutMs: 20_000 },
  );
  const all = [...(await announcedBy(app.database)), ...(await announcedByBatches()), ...(await announcedByWarnings())];
  expect([...new Set(all.map(({ type }) => type))].toSorted()).toEqual(types.toSorted());
  for (const { type, payload } of all) {
    const known = EVENT_TYPES.find((one) => one.type === type);
    expect(known?.data.strict().safeParse(payload).error, `${type} ${JSON.stringify(payload)}`).toBeUndefined();
    expect(sentenceOf({ type, payload })).toMatch(/^[A-Z0-9][^?]*\.$/);
  }
});
