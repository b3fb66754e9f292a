/** Secrets put through every path appear nowhere that they are not meant for (design: security, 14). */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATIONS, pick } from "@claviger/contract";
import { parseKey } from "@claviger/core";
import { createVerifier } from "@claviger/sdk";
import {
  externalSettings,
  issueKey,
  issueManagementKey,
  MASTER_KEY,
  type MailSink,
  mailSink,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { asCredential, call, type Garden, inEveryField, newSeen } from "../support/canary/plant.ts";
import { disguises, Search } from "../support/canary/search.ts";
import { client, type Key, readAll } from "../support/client.ts";
import { runCommand } from "../support/command.ts";
import { LOCAL_KEK, RECOVERABLE } from "../support/key-keepers.ts";
import { type Receiver, startReceiver } from "../support/otlp-receiver.ts";
import { emptyBulkAct, holdDrill, sampleOf } from "../support/samples.ts";

let database: TestDatabase;
let service: Service;
let receiver: Receiver;
let sink: MailSink;
let garden: Garden;
let search: Search;
const SMTP_LOGIN = { user: "keys", password: "the-canary-password-of-the-mails" };
const RECEIVER_TOKEN = "the-canary-token-of-the-receiver";
/** Nobody is there: what is asked of it fails, and is told of in the log. */
const HOOK = {
  CLAVIGER_IMPORT_HOOK_URL: "https://hook.invalid/the-canary-token-of-the-hook",
  CLAVIGER_IMPORT_HOOK_SECRET: `whsec_${Buffer.alloc(32, "the canary of the hook").toString("base64")}`,
  CLAVIGER_IMPORT_HOOK_FORMS: "sk_live_",
};
const BACKUP_KEY = Buffer.alloc(32, "the key of the backups").toString("base64");

beforeAll(async () => {
  database = await testDatabase();
  receiver = await startReceiver();
  const sent = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: `api-key=${RECEIVER_TOKEN}` };
  sink = await mailSink({ login: SMTP_LOGIN });
  const mails = {
    CLAVIGER_SMTP_URL: `smtp://${SMTP_LOGIN.user}:${SMTP_LOGIN.password}@127.0.0.1:${sink.port}`,
    ...{ CLAVIGER_MAIL_FROM: "keys@example.com", CLAVIGER_MAIL_GATHER_SECONDS: "1" },
  };
  const settings = { CLAVIGER_LOG_LEVEL: "debug", ...RECOVERABLE, ...sent, ...mails, ...HOOK };
  service = await startService({ database, env: settings });
  await plant();
}, 240_000);
afterAll(async () => {
  await service.stop();
  await database.drop();
  await receiver.stop();
  await sink.close();
});

async function plant(): Promise<void> {
  const root = client(service.url, service.managementKey);
  await makeScopes(root);
  await root.put("/v1/plans/basic", {});
  const account = await makeAccount(root);
  const spare = await makeAccount(root);
  const live = await issueKey(root, account.id, { allowedIps: ["192.0.2.0/24"] });
  const dead = await issueKey(root, account.id);
  const verifier = await issueManagementKey(root, ["verify"]);
  const working = await issueKey(root, account.id);
  const spareKey = await issueKey(root, spare.id);
  await root.post(`/v1/keys/${dead.id}/revoke`, { reason: "leaked" });
  const presented = {
    management: service.managementKey,
    dead: dead.secret,
    verifier: verifier.secret,
    forged: `clv_live_${"Q7".repeat(18)}`,
    foreign: "sk_live_51HxCanaryOfAnotherPlatform",
    admin: (await issueManagementKey(root, ["claviger:*"])).secret,
    live: live.secret,
  };
  const secrets: Record<string, string> = {
    ...presented,
    spare: spareKey.secret,
    working: working.secret,
    master: MASTER_KEY,
    backup: BACKUP_KEY,
    kek: LOCAL_KEK,
    receiver: RECEIVER_TOKEN,
    smtp: SMTP_LOGIN.password,
    hookUrl: "the-canary-token-of-the-hook",
    hookSecret: HOOK.CLAVIGER_IMPORT_HOOK_SECRET.slice("whsec_".length),
    nodePassword: String(database.node.password),
    ownerPassword: String(database.owner.password),
  };
  const { id: closable } = await makeAccount(root);
  const { id: scimKey } = await issueManagementKey(root, ["claviger:scim:write"]);
  garden = {
    ...{
      url: service.url,
      root,
      managementKey: service.managementKey,
      working: working.secret,
      secrets,
      seen: newSeen(),
    },
    spare: {
      account: spare,
      key: spareKey.id,
      bulkAct: await emptyBulkAct(root),
      drill: await holdDrill(root),
      scimKey,
      closable,
    },
  };
  search = new Search(secrets);
  await inEveryField(garden, [live.secret, service.managementKey]);
  for (const secret of Object.values(presented)) await throughOddPlaces(secret, verifier.secret);
  await throughVerifier(verifier.secret, Object.values(secrets));
  await asCredential(garden, Object.values(presented));
  const own = { authorization: `Bearer ${working.secret}` };
  await call(garden, pick(OPERATIONS, "keys.rotate-self"), "/v1/keys/self/rotate", own);
  await waitFor(async () => (await root.get<Key>(`/v1/keys/${dead.id}`)).body.lastRefusedCode === "REVOKED");
}

/** The verifier in this process asks by its stream. */
async function throughVerifier(credential: string, secrets: readonly string[]): Promise<void> {
  const verifier = await createVerifier({ url: service.url, credential, environment: "live" });
  for (const secret of secrets) {
    const verdict = await verifier.verify(secret, { method: "GET", path: `/contacts/${secret}`, userAgent: secret });
    garden.seen.answers.push(`0 ${JSON.stringify(verdict)}`);
  }
  await verifier.close();
  const failure: unknown = await createVerifier({
    url: service.url,
    credential: secrets[1] ?? "",
    environment: "live",
  }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  garden.seen.answers.push(`0 ${(failure as Error).stack} ${JSON.stringify(failure)}`);
}

async function throughOddPlaces(secret: string, verifier: string): Promise<void> {
  const proxy = { "claviger-credential": verifier, "x-original-method": "GET" };
  const good = { authorization: `Bearer ${service.managementKey}` };
  const type = { "content-type": "application/json" };
  const keep = (
    method: "GET" | "POST",
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<number> => call(garden, { id: "odd", method, responses: {} }, path, headers, body);
  await keep("GET", `/v1/keys/self?api_key=${secret}`, {});
  await keep("GET", `/v1/keys?q=${secret}`, good);
  await keep("GET", `/v1/keys?cursor=${secret}`, good);
  await keep("GET", `/v1/keys/${secret}`, good);
  await keep("GET", `/v1/accounts/${secret}`, good);
  await keep("GET", `/${secret}`, good);
  await keep("GET", "/v1/keys", { ...good, traceparent: secret, tracestate: `a=${secret}`, baggage: `a=${secret}` });
  await keep("GET", "/v1/authorize", { ...proxy, "x-original-uri": `/contacts?key=${secret}` });
  await keep("GET", "/v1/authorize", { ...proxy, "x-original-uri": `/contacts/${secret}`, "x-api-key": secret });
  await keep("GET", "/v1/keys", { authorization: `Basic ${secret}`, cookie: `session=${secret}` });
  await keep("POST", "/v1/verify", { ...good, ...type }, `{"key":"${secret}","environment":"live"`);
  await keep("POST", "/v1/verify", { ...good, ...type }, `{"key":"${secret}","environment":"${secret}"}`);
  await keep("POST", "/v1/verify", { ...good, ...type }, `{"key":["${secret}"]}`);
  await keep("POST", "/v1/verify", { ...good, "content-type": secret }, `{"key":"${secret}"}`);
  await keep(
    "POST",
    "/v1/keys",
    { ...good, ...type },
    `{"account":"${secret}","label":"x","scopes":["${secret}"],"owner":"${secret}"}`,
  );
  await keep("POST", `/v1/keys/${secret}/revoke`, { ...good, ...type }, '{"reason":"leaked"}');
  // Text that nobody can tell from other text is kept where text is kept.
  if (!parseKey(secret).ok) return;
  const context = {
    ...good,
    ...type,
    "user-agent": `curl ${secret}`,
    "x-request-id": secret,
    referer: `https://a/${secret}`,
  };
  const body = JSON.stringify({ account: garden.spare.account.id, environment: "live", label: "x", tier: "read" });
  await call(garden, pick(OPERATIONS, "keys.create"), "/v1/keys", context, body);
  await keep("POST", "/v1/keys", { ...context, "idempotency-key": secret }, body);
  await keep("POST", "/v1/keys", { ...context, "content-encoding": secret, origin: secret }, body);
}

describe("nothing is left out", () => {
  test("every operation is seen to succeed, and to refuse where it can", () => {
    const missing = OPERATIONS.flatMap(({ id, access }) => {
      const statuses = [...(garden.seen.statuses.get(id) ?? [])];
      return [
        ...(statuses.some((status) => status < 300)
          ? []
          : [`${id} only answered ${statuses}: say in support/canary/plant.ts what it needs`]),
        ...(access.kind === "public" || statuses.includes(401) ? [] : [`${id} never refused a secret`]),
      ];
    });
    expect(missing).toEqual([]);
  });

  test("no field of what is kept takes a key, whatever stands around it", () => {
    expect(garden.seen.kept).toEqual([]);
  });
});

test("the search itself finds what is there: each secret, in each disguise", () => {
  for (const [name, secret] of Object.entries(search.secrets)) {
    expect(secret.length, name).toBeGreaterThan(15);
    for (const form of disguises(secret)) expect(search.shownIn(`before ${form} after`), name).toContain(name);
  }
});

test("no answer shows one, in body or header", () => {
  expect(garden.seen.answers.length).toBeGreaterThan(400);
  for (const answer of garden.seen.answers) expect(search.shownIn(answer), answer).toEqual([]);
  const statuses = new Set(garden.seen.answers.map((answer) => answer.slice(0, 3)));
  expect([...statuses]).toEqual(expect.arrayContaining(["200", "400", "401", "403", "404", "415"]));
});

test("no line of the log shows one, with the log at its most talkative; stdout shows the management key, once", () => {
  const [shown, ...rest] = service
    .output()
    .split("\n")
    .filter((line) => line.includes(service.managementKey));
  expect(shown).toMatch(/^management key \(shown once\)/);
  expect(rest).toEqual([]);
  for (const line of service.output().split("\n")) if (line !== shown) expect(search.shownIn(line), line).toEqual([]);
});

/** Errors that nobody foresaw, each with a secret in whatever a caller may fill in. */
async function failWithEach(secrets: readonly string[]): Promise<void> {
  const owner = new pg.Client(database.owner);
  await owner.connect();
  await owner.query("ALTER TABLE claviger.plan RENAME TO plan_away");
  for (const secret of secrets) {
    const headers = {
      "user-agent": secret,
      "x-request-id": secret,
      referer: `https://a/${secret}`,
      traceparent: secret,
    };
    const answer = await fetch(`${service.url}/v1/plans?limit=1`, {
      headers: { ...headers, authorization: `Bearer ${service.managementKey}` },
    });
    expect(answer.status).toBe(500);
  }
  await owner.query("ALTER TABLE claviger.plan_away RENAME TO plan");
  await owner.end();
}

test("no span or line of log that is sent by OpenTelemetry shows one; the receiver's own token is in the header alone", async () => {
  const routes = () => new Set(receiver.spans().map(({ attributes }) => attributes["claviger.operation"]));
  const without = () => OPERATIONS.map(({ id }) => id).filter((id) => !routes().has(id));
  await waitFor(async () => without().length === 0, { what: "spans of every operation" }).catch((error) => {
    throw new Error(`${String(error)}: ${without().join(" ")}`);
  });
  await failWithEach(Object.values(search.secrets));
  await waitFor(async () => receiver.lines().some(({ body }) => body === "unforeseen error"), { what: "lines of log" });
  expect(service.output()).toContain('"msg":"unforeseen error"');
  for (const line of service
    .output()
    .split("\n")
    .filter((each) => each.startsWith("{"))) {
    expect(search.shownIn(line), line).toEqual([]);
  }
  for (const body of receiver.bodies) expect(search.shownIn(body), body.slice(0, 2_000)).toEqual([]);
  for (const headers of receiver.headers) expect(headers["api-key"]).toBe(RECEIVER_TOKEN);
}, 120_000);

test("nothing that can be read shows one afterwards: no list, audit event, metric or document, on any page", async () => {
  const { root, spare } = garden;
  // One was deleted by the operation that does that.
  const hook = { url: "https://hooks.invalid/", events: ["*"] };
  const made = await root.put<{ secret: string }>("/v1/webhooks/sample", hook);
  expect(made.status).toBe(201);
  expect(await root.post("/v1/webhooks/sample/test")).toMatchObject({ status: 202 });
  // What leads to a channel of Slack is in its address, and so may a password be of anything else.
  const hidden = ["T0/B0/canary-of-a-channel", "token=canary-of-a-token"];
  const [channel, token] = [`https://hooks.invalid/services/${hidden[0]}`, `https://hooks.invalid/?${hidden[1]}`];
  succeeded(await root.put("/v1/webhooks/channel", { url: channel, events: ["*"], format: "slack" }));
  succeeded(await root.put("/v1/webhooks/token", { url: token, events: ["*"] }));
  for (const operation of OPERATIONS.filter(({ method }) => method === "GET")) {
    const { path, headers } = sampleOf(operation, { ...spare, secret: search.secrets.spare ?? "" });
    const paged = operation.query !== undefined && "cursor" in operation.query.shape;
    const text = paged ? JSON.stringify(await readAll(root, path, 200)) : (await root.get(path, headers)).text;
    expect(search.shownIn(text), operation.id).toEqual([]);
    for (const secret of [made.body.secret, ...hidden]) expect(text, operation.id).not.toContain(secret);
  }
});

test("no mail shows one", async () => {
  await waitFor(() => sink.received.length > 0, { timeoutMs: 15_000, what: "mails of keys that have ended" });
  for (const { raw, subject, text, html } of sink.received)
    expect(search.shownIn(`${raw}\n${subject}\n${text}\n${html}`), text).toEqual([]);
});

test("a backup shows none, and neither does the command that takes it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "claviger-canary-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, "canary.backup");
  const settings = {
    ...externalSettings(database),
    CLAVIGER_DATA_DIR: service.dataDir,
    CLAVIGER_BACKUP_KEY: BACKUP_KEY,
  };
  const { stdout, stderr } = await runCommand(["backup", "--to", file], settings);
  expect(search.shownIn(stdout + stderr)).toEqual([]);
  const bytes = await readFile(file);
  expect(bytes.length).toBeGreaterThan(1_000);
  expect(search.shownInBytes(bytes)).toEqual([]);
  expect(search.shownIn(bytes.toString("latin1"))).toEqual([]);
});

describe("the database", () => {
  let tables: { name: string; text: string; bytes: Buffer }[] = [];
  beforeAll(async () => {
    const owner = new pg.Client(database.owner);
    await owner.connect();
    const { rows } = await owner.query<{ name: string; forced: boolean }>(
      "SELECT relname AS name, relforcerowsecurity AS forced FROM pg_class WHERE relnamespace = 'claviger'::regnamespace AND relkind IN ('r', 'p')",
    );
    await owner.query("BEGIN");
    for (const { name, forced } of rows) {
      if (forced) await owner.query(`ALTER TABLE claviger.${name} NO FORCE ROW LEVEL SECURITY`);
      const dump = await owner.query<{ row: string }>(`SELECT t::text AS row FROM claviger.${name} t`);
      const text = dump.rows.map(({ row }) => row).join("\n");
      const bytes = Buffer.concat(
        [...text.matchAll(/\\\\?x([0-9a-f]{16,})/g)].map(([, hex]) => Buffer.from(hex ?? "", "hex")),
      );
      tables.push({ name, text, bytes });
    }
    await owner.query("ROLLBACK");
    await owner.end();
  });

  test("was dumped whole", () => {
    const filled = tables.filter(({ text }) => text !== "").map(({ name }) => name);
    expect(filled).toEqual(
      expect.arrayContaining([
        "api_key",
        "key_version",
        "audit_event",
        "keyring",
        "key_use",
        "account",
        "outbox_event",
        "node",
      ]),
    );
    expect(tables.find(({ name }) => name === "key_version")?.bytes.length).toBeGreaterThanOrEqual(32 * 4);
  });

  test("shows no secret in any column of any table, nor its plain hash", () => {
    for (const { name, text, bytes } of tables) {
      expect(search.shownIn(text), name).toEqual([]);
      expect(search.shownInBytes(bytes), name).toEqual([]);
      if (name === "keyring") expect(bytes.includes(Buffer.from(MASTER_KEY, "base64"))).toBe(false);
    }
    tables = [];
  });
});

test("no file of the data directory shows one, but for those that are kept from everybody else", async () => {
  const files = await readdir(service.dataDir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of files.filter((each) => each.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), "latin1");
    expect(search.shownIn(text), file.name).toEqual([]);
  }
  expect(Object.keys(externalSettings(database))).toContain("CLAVIGER_MASTER_KEY");
});
