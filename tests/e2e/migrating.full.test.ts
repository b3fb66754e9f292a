/** What the guide to migrations tells the reader to type works on tables as the old stores make them, and ends with old keys that verify. */
import { spawn } from "node:child_process";
import { createHash, randomBytes, scryptSync } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { succeeded, type TestDatabase, testDatabase, urlOf, waitFor } from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { installPeers } from "../../bench/install.ts";
import { type Key, openStage, type Page, type Stage, type Verdict } from "../support/client.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = readFileSync(join(ROOT, "docs/guide/migrating.md"), "utf8");

/** Blocks of a language below a heading. */
function blocks(heading: string, language: string): string[] {
  const [, section = ""] = new RegExp(`^## ${heading}\\n(.*?)(?=^## )`, "ms").exec(`${GUIDE}\n## `) ?? [];
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, text = ""]) => text);
}

const folder = mkdtempSync(join(tmpdir(), "claviger-migrating-"));
const hookSecret = `whsec_${randomBytes(32).toString("base64")}`;
let hookPort = 0;
let old: TestDatabase;
let tables: pg.Client;
let stage: Stage;

beforeAll(async () => {
  old = await testDatabase();
  tables = new pg.Client({ ...old.owner });
  await tables.connect();
  hookPort = await freePort();
  stage = await openStage({
    ...{ CLAVIGER_IMPORT_HOOK_URL: `http://127.0.0.1:${hookPort}/`, CLAVIGER_IMPORT_HOOK_SECRET: hookSecret },
    ...{ CLAVIGER_IMPORT_HOOK_FORMS: "old_", CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" },
  });
  // Reads the old tables, whatever it is called by.
  const main = join(ROOT, "packages/cli/src/main.ts");
  program("claviger", `exec "${process.execPath}" "${main}" "$@"`);
  program("mysql", `sed ${FROM_MYSQL.map((change) => `-e '${change}'`).join(" ")} | psql "$OLD_DATABASE_URL" -At`);
});
afterAll(async () => {
  await stage.app.stop();
  await tables.end();
  await old.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The words in which MySQL's SQL and PostgreSQL's are not the same; functions of that name are made below. */
const FROM_MYSQL = [
  "s/^SET time_zone.*//",
  "s/JSON_OBJECT(/json_build_object(/",
  "s/JSON_ARRAY(/json_build_array(/",
  "s/JSON_ARRAYAGG(/json_agg(/",
  's/`keys`/"keys"/g',
];

function program(name: string, script: string): void {
  // What comes with -e is typed in.
  const typed =
    name === "mysql" ? `for last; do :; done\ncase "$*" in *" -e "*) exec "$0" <<EOS\n$last\nEOS\n;; esac\n` : "";
  writeFileSync(join(folder, name), `#!/bin/sh\n${typed}${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const environment = () => ({
  ...{ PATH: `${folder}:${process.env.PATH ?? ""}`, HOME: folder },
  ...{ CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey },
  ...{ OLD_DATABASE_URL: urlOf({ ...old.owner }), PGOPTIONS: "-c search_path=old", NO_COLOR: "1" },
});

/** Runs a reader's commands in one shell. Returns what they print. */
async function typed(commands: string, input?: string): Promise<string> {
  const shell = spawn("sh", ["-eu", "-c", commands], { cwd: folder, env: environment() });
  let output = "";
  for (const stream of [shell.stdout, shell.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes));
  shell.stdin.end(input);
  const [status] = await once(shell, "close");
  expect(status, output).toBe(0);
  return output;
}

const sha256 = (key: string, encoding: "hex" | "base64" | "base64url"): string =>
  createHash("sha256").update(key).digest(encoding);
const letters = (count: number): string => randomBytes(count).toString("hex").slice(0, count);
const HOUR = 3_600_000;

async function codeOf(key: string, scopes: readonly string[] = ["contacts:read"]): Promise<string> {
  return (await stage.root.post<Verdict>("/v1/verify", { key, environment: "live", scopes })).body.code;
}

async function keysOf(account: string): Promise<readonly Key[]> {
  const { id } = succeeded(await stage.root.get<{ id: string }>(`/v1/accounts/ext:${account}`)).body;
  return (await stage.root.get<Page<Key>>(`/v1/keys?account=${id}&sort=label`)).body.data;
}

async function insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const [names, values] = [Object.keys(row), Object.values(row)];
  const columns = names.map((name) => `"${name}"`).join(", ");
  await tables.query(`INSERT INTO old."${table}" (${columns}) VALUES (${names.map((_, at) => `$${at + 1}`)})`, values);
}

interface BetterAuth {
  readonly options: object;
  readonly api: {
    signUpEmail(asked: object): Promise<{ user: { id: string } }>;
    createApiKey(asked: object): Promise<{ id: string; key: string }>;
    updateApiKey(asked: object): Promise<unknown>;
    verifyApiKey(asked: object): Promise<{ valid: boolean }>;
  };
}

/** The product itself, with its tables made by its own migrations: that of the benchmarks. */
async function betterAuthOn(pool: pg.Pool): Promise<BetterAuth> {
  installPeers();
  const { resolve } = createRequire(join(ROOT, "bench/package.json"));
  const load = (name: string) => import(pathToFileURL(resolve(name)).href);
  const { betterAuth } = (await load("better-auth")) as { betterAuth(options: object): BetterAuth };
  const { apiKey } = (await load("@better-auth/api-key")) as { apiKey(options: object): object };
  const { getMigrations } = (await load("better-auth/db/migration")) as {
    getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
  };
  const auth = betterAuth({
    ...{ database: pool, secret: randomBytes(32).toString("hex"), baseURL: "http://localhost" },
    ...{ emailAndPassword: { enabled: true }, logger: { disabled: true }, telemetry: { enabled: false } },
    plugins: [apiKey({ defaultPrefix: "ba_" })],
  });
  await (await getMigrations(auth.options)).runMigrations();
  return auth;
}

test("from better-auth: keys verify with their scopes, labels and ends; disabled and expired ones stay behind", async () => {
  await tables.query("CREATE SCHEMA IF NOT EXISTS old");
  const pool = new pg.Pool({ ...old.owner, options: "-c search_path=old" });
  onTestFinished(() => pool.end());
  const { api } = await betterAuthOn(pool);
  const person = { email: "ada@example.test", password: "a long password", name: "Ada & Sons" };
  const { user } = await api.signUpEmail({ body: person });
  const make = async (body: object): Promise<{ id: string; key: string }> =>
    api.createApiKey({ body: { userId: user.id, ...body } });
  const plain = await make({ name: "Nightly" });
  const writing = await make({ permissions: { contacts: ["read", "write"] }, expiresIn: 10 * 24 * 3_600 });
  const disabled = await make({ name: "off" });
  await api.updateApiKey({ body: { keyId: disabled.id, userId: user.id, enabled: false } });
  const expired = await make({ name: "over" });
  const times = `'2025-01-02T03:04:05.678Z', "expiresAt" = $2 WHERE id = $1`;
  await tables.query(`UPDATE old.apikey SET "createdAt" = ${times}`, [plain.id, null]);
  await tables.query(`UPDATE old.apikey SET "createdAt" = ${times}`, [expired.id, new Date(Date.now() - HOUR)]);
  expect(await api.verifyApiKey({ body: { key: plain.key } })).toMatchObject({ valid: true });
  const told = await typed(blocks("From better-auth", "sh").join("\n"));
  expect(told).toContain("2 lines: 2 would be imported, 0 known already, 0 failed");
  expect(told).toContain("2 lines: 2 imported, 0 known already, 0 failed");
  expect(await codeOf(plain.key)).toBe("VALID");
  expect(await codeOf(plain.key, ["contacts:write"])).toBe("INSUFFICIENT_SCOPE");
  expect(await codeOf(writing.key, ["contacts:read", "contacts:write"])).toBe("VALID");
  for (const { key } of [disabled, expired]) expect(await codeOf(key)).toBe("NOT_FOUND");
  const [nightly, other] = await keysOf(user.id);
  expect(nightly).toMatchObject({ label: "Nightly", createdAt: "2025-01-02T03:04:05.000Z", expiresAt: null });
  expect(other?.label).toBe(writing.key.slice(0, 6));
  expect(Date.parse(other?.expiresAt ?? "") - Date.now()).toBeGreaterThan(239 * HOUR);
  // As the guide says, it may be done again.
  const [, keys = ""] = blocks("From better-auth", "sh");
  const added = await make({ name: "Later" });
  const again = keys.replace("--name better-auth", "--name again");
  expect(await typed(again)).toContain("3 lines: 1 imported, 2 known already");
  expect(await codeOf(added.key)).toBe("VALID");
  await typed(blocks("Looking whether it worked", "sh").join("\n").replace("< key.txt", ""), plain.key);
});

test("from Unkey: the same from its tables, whose hashes are base64", async () => {
  await tables.query(`CREATE SCHEMA IF NOT EXISTS old;
    CREATE TABLE old.identities (id text PRIMARY KEY, external_id text NOT NULL);
    CREATE TABLE old.permissions (id text PRIMARY KEY, slug text NOT NULL);
    CREATE TABLE old.keys_permissions (key_id text, permission_id text);
    CREATE TABLE old.keys (id text PRIMARY KEY, hash text NOT NULL, start text NOT NULL, for_workspace_id text, name text, owner_id text,
      identity_id text, expires timestamp, created_at_m bigint NOT NULL, deleted_at_m bigint, enabled boolean NOT NULL DEFAULT true,
      pending_migration_id text);
    CREATE FUNCTION old.from_unixtime(numeric) RETURNS timestamp LANGUAGE sql AS 'SELECT to_timestamp($1) AT TIME ZONE ''UTC''';
    CREATE FUNCTION old.from_unixtime(bigint) RETURNS timestamp LANGUAGE sql AS 'SELECT to_timestamp($1) AT TIME ZONE ''UTC''';
    CREATE FUNCTION old.utc_timestamp() RETURNS timestamp LANGUAGE sql AS 'SELECT now() AT TIME ZONE ''UTC''';
    CREATE FUNCTION old.date_format(timestamp, text) RETURNS text LANGUAGE sql AS
      'SELECT to_char($1, ''YYYY-MM-DD"T"HH24:MI:SS"Z"'')'`);
  await insert("identities", { id: "id_1", external_id: "cust-7" });
  await insert("permissions", { id: "perm_1", slug: "contacts:write" });
  const row = async (name: string | null, more: object = {}): Promise<string> => {
    const key = `uk_${letters(22)}`;
    const [id, made] = [`key_${letters(16)}`, Date.UTC(2024, 4, 6, 7, 8, 9)];
    const hashed = { hash: sha256(key, "base64"), start: key.slice(0, 7) };
    await insert("keys", { id, ...hashed, name, identity_id: "id_1", created_at_m: made, ...more });
    if (name === "writes") await insert("keys_permissions", { key_id: id, permission_id: "perm_1" });
    return key;
  };
  // Enough of them that some hash has each of the characters in which base64 and base64url differ.
  const keys: string[] = [];
  for (let n = 0; n < 20; n += 1) keys.push(await row("many"));
  const mine = await row("writes");
  const owned = await row("owned", { identity_id: null, owner_id: "cust-8" });
  const left = [
    await row("deleted", { deleted_at_m: Date.now() }),
    await row("disabled", { enabled: false }),
    await row("root", { for_workspace_id: "ws_1" }),
    await row("expired", { expires: new Date(Date.now() - 48 * HOUR) }),
    await row("other hash", { pending_migration_id: "mig_1" }),
  ];
  const told = await typed(blocks("From Unkey", "sh").join("\n"));
  expect(told).toContain("22 lines: 22 imported, 0 known already, 0 failed");
  for (const key of [...keys, owned]) expect(await codeOf(key)).toBe("VALID");
  expect(await codeOf(mine, ["contacts:write"])).toBe("VALID");
  for (const key of left) expect(await codeOf(key)).toBe("NOT_FOUND");
  const [shown] = await keysOf("cust-8");
  expect(shown).toMatchObject({
    label: "owned",
    createdAt: "2024-05-06T07:08:09.000Z",
    preview: `${owned.slice(0, 7)}…`,
  });
});

test("from a table of one's own, and by the program of the guide from one with slow hashes", async () => {
  await tables.query(`CREATE SCHEMA IF NOT EXISTS old;
    CREATE TABLE old.customers (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE old.api_keys (id int PRIMARY KEY, customer_id int NOT NULL, is_test boolean NOT NULL, name text, scopes text[] NOT NULL,
      key_sha256 text NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz, revoked_at timestamptz);
    CREATE TABLE old.slow_keys (id int PRIMARY KEY, customer_id int NOT NULL, name text NOT NULL, scopes text[] NOT NULL, salt bytea NOT NULL,
      hash bytea NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz, revoked_at timestamptz)`);
  await insert("customers", { id: 41, name: "Grace Ltd." });
  const common = { customer_id: 41, scopes: ["contacts:read"], created_at: new Date("2023-01-01T00:00:00Z") };
  const [key, revoked, secret] = [letters(40), letters(40), letters(40)];
  await insert("api_keys", { id: 1, ...common, is_test: false, name: "own", key_sha256: sha256(key, "hex") });
  const gone = { key_sha256: sha256(revoked, "hex"), revoked_at: new Date() };
  await insert("api_keys", { id: 2, ...common, is_test: true, name: "", ...gone });
  const salt = randomBytes(16);
  await insert("slow_keys", { id: 5, ...common, name: "slow", salt, hash: scryptSync(secret, salt, 32) });
  const told = await typed(blocks("From a table of your own", "sh").join("\n"));
  expect(told).toContain("1 lines: 1 imported, 0 known already, 0 failed");
  expect(await codeOf(key)).toBe("VALID");
  expect(await codeOf(revoked)).toBe("NOT_FOUND");
  expect(await codeOf(`old_5_${secret}`)).toBe("UNAVAILABLE");
  await runHook();
  await waitFor(async () => (await codeOf(`old_5_${secret}`)) === "VALID");
  expect(await codeOf(`old_5_${letters(40)}`)).toBe("NOT_FOUND");
  expect(await codeOf(`old_6_${secret}`)).toBe("NOT_FOUND");
  const found = (await keysOf("41")).map(({ label, createdAt }) => ({ label, createdAt }));
  expect(found).toEqual(["own", "slow"].map((label) => ({ label, createdAt: "2023-01-01T00:00:00.000Z" })));
});

/** The program of the guide, as a process of its own, until the test is over. */
async function runHook(): Promise<void> {
  const [code = ""] = blocks("Keys that only the old store can tell", "js");
  const hook = { CLAVIGER_IMPORT_HOOK_SECRET: hookSecret, PORT: String(hookPort) };
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    ...{ cwd: join(ROOT, "packages/server"), env: { ...environment(), ...hook } },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  // Whoever has not the secret is told nothing.
  const asked = await fetch(`http://127.0.0.1:${hookPort}/`, { method: "POST", body: '{"key":"old_5_x"}' });
  expect([asked.status, await asked.text()]).toEqual([503, ""]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
