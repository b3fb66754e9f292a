/** Secrets put through every path appear nowhere that they are not meant for (design: security, 14). */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { OPERATIONS } from "@claviger/contract";
import {
  externalSettings,
  issueKey,
  issueManagementKey,
  MASTER_KEY,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, type Key } from "../support/client.ts";
import { sampleOf } from "../support/samples.ts";

let database: TestDatabase;
let service: Service;
const secrets: Record<string, string> = {};
/** Everything that came back, headers included, but for the answers that issue a key. */
const answers: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  service = await startService({ database, env: { CLAVIGER_LOG_LEVEL: "debug" } });
  await putEverywhere();
}, 120_000);
afterAll(async () => {
  await service.stop();
  await database.drop();
});

async function putEverywhere(): Promise<void> {
  const root = client(service.url, service.managementKey);
  await makeScopes(root);
  const account = await makeAccount(root);
  const live = await issueKey(root, account.id, { allowedIps: ["192.0.2.0/24"] });
  const dead = await issueKey(root, account.id);
  const verifier = await issueManagementKey(root, ["verify"]);
  await root.post(`/v1/keys/${dead.id}/revoke`, { reason: "leaked" });
  Object.assign(secrets, {
    management: service.managementKey,
    live: live.secret,
    dead: dead.secret,
    verifier: verifier.secret,
    forged: `clv_live_${"Q7".repeat(18)}`,
    foreign: "sk_live_51HxCanaryOfAnotherPlatform",
    master: MASTER_KEY,
    nodePassword: String(database.node.password),
    ownerPassword: String(database.owner.password),
  });
  for (const secret of [
    live.secret,
    dead.secret,
    verifier.secret,
    service.managementKey,
    secrets.forged ?? "",
    secrets.foreign ?? "",
  ]) {
    for (const operation of OPERATIONS)
      await throughOperation(operation, secret, { account, key: live.id, secret: live.secret });
    await throughOddPlaces(secret);
  }
  await root.post("/v1/verify/batch", { checks: Object.values(secrets).map((key) => ({ key, environment: "live" })) });
  await client(service.url, live.secret).post("/v1/keys/self/revoke");
  await waitFor(async () => (await root.get<Key>(`/v1/keys/${dead.id}`)).body.lastRefusedCode === "REVOKED");
}

type Existing = Parameters<typeof sampleOf>[1];

/** As credential in each header, and as what is asked about. Whatever would end the credentials themselves is left out. */
async function throughOperation(
  operation: (typeof OPERATIONS)[number],
  secret: string,
  existing: Existing,
): Promise<void> {
  if (operation.id === "keys.revoke-self" || operation.id === "keys.create") return;
  if (operation.id === "accounts.suspend" || operation.id === "keys.revoke" || operation.id === "keys.suspend") return;
  const { path, body } = sampleOf(operation, { ...existing, secret });
  for (const headers of [
    { authorization: `Bearer ${secret}` },
    { "x-api-key": secret },
    { "claviger-credential": secret, "x-api-key": secret },
  ]) {
    await keep(operation.method, path, headers, body === undefined ? undefined : JSON.stringify(body));
  }
}

async function throughOddPlaces(secret: string): Promise<void> {
  const proxy = { "claviger-credential": secrets.verifier ?? "", "x-original-method": "GET" };
  const good = { authorization: `Bearer ${service.managementKey}` };
  const type = { "content-type": "application/json" };
  await keep("GET", `/v1/keys/self?api_key=${secret}`, {});
  await keep("GET", `/v1/keys?q=${secret}`, good);
  await keep("GET", `/v1/keys?cursor=${secret}`, good);
  await keep("GET", `/v1/keys/${secret}`, good);
  await keep("GET", `/v1/accounts/${secret}`, good);
  await keep("GET", `/${secret}`, good);
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
}

async function keep(method: string, path: string, headers: Record<string, string>, body?: string): Promise<void> {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(service.url + path, {
    method,
    headers: { ...type, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  answers.push(`${response.status} ${[...response.headers].join("\n")}\n${await response.text()}`);
}

/** A secret as it is, and what somebody might take for harmless: its hash, and its encodings. */
function disguises(secret: string): string[] {
  const digest = createHash("sha256").update(secret).digest();
  const bytes = Buffer.from(secret);
  return [
    secret,
    digest.toString("hex"),
    digest.toString("base64"),
    digest.toString("base64url"),
    bytes.toString("hex"),
    bytes.toString("base64").replace(/=+$/, ""),
  ];
}

function shows(haystack: string): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    disguises(secret).some((form) => haystack.includes(form)) ? [name] : [],
  );
}

test("the search itself finds what is there: each secret, in each disguise", () => {
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(15);
    for (const form of disguises(secret)) expect(shows(`before ${form} after`), name).toContain(name);
  }
});

test("no answer shows one, in body or header", () => {
  expect(answers.length).toBeGreaterThan(400);
  for (const answer of answers) expect(shows(answer), answer).toEqual([]);
  const statuses = new Set(answers.map((answer) => answer.slice(0, 3)));
  expect([...statuses]).toEqual(expect.arrayContaining(["200", "400", "401", "403", "404", "415"]));
});

test("no line of the log shows one, with the log at its most talkative; stdout shows the management key, once", () => {
  const [shown, ...rest] = service
    .output()
    .split("\n")
    .filter((line) => line.includes(secrets.management ?? ""));
  expect(shown).toMatch(/^management key \(shown once\)/);
  expect(rest).toEqual([]);
  for (const line of service.output().split("\n")) if (line !== shown) expect(shows(line), line).toEqual([]);
});

test("no audit event, list or metric shows one", async () => {
  const root = client(service.url, service.managementKey);
  for (const path of [
    "/v1/audit-events?limit=200",
    "/v1/keys?limit=200",
    "/v1/keys?account=platform",
    "/metrics",
    "/openapi.json",
    "/readyz",
  ]) {
    expect(shows((await root.get(path)).text), path).toEqual([]);
  }
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
      expect(shows(text), name).toEqual([]);
      for (const [which, secret] of Object.entries(secrets)) {
        const digest = createHash("sha256").update(secret).digest();
        for (const needle of [Buffer.from(secret), digest])
          expect(bytes.includes(needle), `${which} in ${name}`).toBe(false);
      }
      if (name === "keyring") expect(bytes.includes(Buffer.from(MASTER_KEY, "base64"))).toBe(false);
    }
    tables = [];
  });
});

test("no file of the data directory shows one, but for those that are kept from everybody else", async () => {
  const files = await readdir(service.dataDir, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of files.filter((each) => each.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), "latin1");
    expect(shows(text), file.name).toEqual([]);
  }
  expect(Object.keys(externalSettings(database))).toContain("CLAVIGER_MASTER_KEY");
});
