/** Key-encryption keys that somebody else keeps: Vault and AWS KMS on the wire, away and back, and replaced under a kill -9. */

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfigError, createBackup, loadConfig, restoreBackup } from "@claviger/server";
import {
  externalSettings,
  issueKey,
  type MadeKey,
  startApp,
  succeeded,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { client, type Key, openStageOn, type Page, type Problem, type Stage } from "../support/client.ts";
import { runCommand, startCommand } from "../support/command.ts";
import { asPlatform } from "../support/filler.ts";
import { AWS, type Keeper, KMS_KEY, LOCAL_KEK, startKms, startVault, type Vault } from "../support/key-keepers.ts";

let directory: string;
let tokenFile: string;
let vault: Vault;
let kms: Keeper;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "claviger-kek-"));
  tokenFile = join(directory, "token");
  vault = await startVault("claviger");
  kms = await startKms();
  await writeFile(tokenFile, `${vault.token}\n`);
});
afterAll(async () => {
  await Promise.all([vault.stop(), kms.stop()]);
  await rm(directory, { recursive: true });
});

const ofVault = () => ({
  CLAVIGER_KEK: "vault:transit/claviger",
  ...{ CLAVIGER_KEK_VAULT_URL: vault.url, CLAVIGER_KEK_VAULT_TOKEN_FILE: tokenFile },
});
const ofKms = () => ({
  CLAVIGER_KEK: `awskms:${KMS_KEY}`,
  ...{ CLAVIGER_KEK_AWS_URL: kms.url, CLAVIGER_KEK_AWS_CREDENTIALS: `${AWS.id}:${AWS.secret}:${AWS.session}` },
});
const open = async (kek: Record<string, string>, database?: TestDatabase): Promise<Stage> => {
  const env = { CLAVIGER_RECOVERABLE: "production", CLAVIGER_REVEALS_PER_HOUR: "10000", ...kek };
  const app = await startApp({ env, ...(database === undefined ? {} : { database }) });
  return openStageOn(app);
};
const reveal = (stage: Pick<Stage, "root">, id: string) =>
  stage.root.post<{ secret: string } & Problem>(`/v1/keys/${id}/reveal`, { reason: "a test" });
const unavailable = { status: 503, body: { code: "KEK_UNAVAILABLE" } };

test.each<[string, () => Keeper, () => Record<string, string>]>([
  ["Vault", () => vault, ofVault],
  ["AWS KMS", () => kms, ofKms],
])(
  "%s wraps and unwraps each key's data key for its account and key alone; while it is away nothing is made and nothing is lost",
  async (_, keeper, settings) => {
    const stage = await open(settings());
    onTestFinished(() => stage.app.stop());
    onTestFinished(() => {
      keeper().away = false;
    });
    const { encrypt, decrypt } = keeper().calls;
    const { id, secret } = await issueKey(stage.root, stage.account.id);
    expect((await reveal(stage, id)).body.secret).toBe(secret);
    expect(keeper().calls).toEqual({ encrypt: encrypt + 1, decrypt: decrypt + 1 });
    const other = await issueKey(stage.root, stage.account.id);
    // Whoever may write the table cannot have one key's data key opened as another's.
    await asPlatform(stage.app.database, (sql) =>
      sql.query(
        "UPDATE recoverable_secret t SET wrapped = s.wrapped FROM recoverable_secret s WHERE t.key_id = $1 AND s.key_id = $2",
        [other.id, id],
      ),
    );
    expect(await reveal(stage, other.id)).toMatchObject({ status: 409, body: { code: "KEY_NOT_RECOVERABLE" } });

    const listed = async () => (await stage.root.get<Page<Key>>("/v1/keys?limit=200")).body.data;
    const before = await listed();
    keeper().away = true;
    const body = { account: stage.account.id, environment: "live", label: "while it is away", tier: "read" };
    expect(await stage.root.post<Problem>("/v1/keys", body)).toMatchObject(unavailable);
    expect(await stage.root.post<Problem>(`/v1/keys/${id}/rotate`, {})).toMatchObject(unavailable);
    expect(await client(stage.app.url, secret).post<Problem>("/v1/keys/self/rotate")).toMatchObject(unavailable);
    expect(await reveal(stage, id)).toMatchObject(unavailable);
    expect(await listed()).toEqual(before);
    // What takes away asks nobody.
    succeeded(await stage.root.post(`/v1/keys/${other.id}/revoke`, { reason: "leaked" }));
    keeper().away = false;
    expect((await reveal(stage, id)).body.secret).toBe(secret);
  },
);

test("a token of Vault that was renewed is taken from its file, and a wrong one is a key-encryption key that is away", async () => {
  const stage = await open(ofVault());
  onTestFinished(() => stage.app.stop());
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  vault.token = "hvs.the-next-token";
  expect(await reveal(stage, id)).toMatchObject(unavailable);
  await writeFile(tokenFile, vault.token);
  expect((await reveal(stage, id)).body.secret).toBe(secret);
});

test("a key of Vault's that is gone is a key-encryption key that is away, and no secret that was tampered with", async () => {
  const stage = await open(ofVault());
  onTestFinished(() => stage.app.stop());
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  vault.refuses = "encryption key not found";
  onTestFinished(() => {
    vault.refuses = null;
  });
  expect(await reveal(stage, id)).toMatchObject(unavailable);
  vault.refuses = null;
  expect((await reveal(stage, id)).body.secret).toBe(secret);
});

/** Wrapped by what, of all secrets. */
const keksOf = (database: TestDatabase): Promise<Record<string, number>> =>
  asPlatform(database, async (sql) => {
    const { rows } = await sql.query<{ kek: string; count: number }>(
      "SELECT kek, count(*)::int AS count FROM recoverable_secret GROUP BY kek",
    );
    return Object.fromEntries(rows.map(({ kek, count }) => [kek, count]));
  });

test("another key-encryption key wraps everything again, also after a kill -9 in the middle: no key ends, and the old one is needed no more", async () => {
  const database = await testDatabase();
  const before = await open({ CLAVIGER_KEK: LOCAL_KEK }, database);
  const keys: MadeKey[] = [];
  for (let made = 0; made < 120; made += 1) keys.push(await issueKey(before.root, before.account.id));
  const [local = ""] = Object.keys(await keksOf(database));
  expect(local).toMatch(/^local:[0-9a-f]{24}$/);

  // Nodes with both go on while it is replaced.
  const app = await startApp({
    database,
    env: { CLAVIGER_RECOVERABLE: "production", ...ofVault(), CLAVIGER_KEK_OLD: LOCAL_KEK },
  });
  onTestFinished(async () => {
    await app.stop();
    await before.app.stop();
    await database.drop();
  });
  const root = client(app.url, before.app.managementKey);
  const settings = { ...externalSettings(database), CLAVIGER_DATA_DIR: directory, ...ofVault() };
  const held = Promise.withResolvers<void>();
  let asked = 0;
  vault.before = () => {
    asked += 1;
    // One names the key; a hundred are the first transaction, and each is read back.
    return asked > 210 ? held.promise : undefined;
  };
  const killed = startCommand(["rotate-kek"], { ...settings, CLAVIGER_KEK_OLD: LOCAL_KEK });
  await waitFor(async () => ((await keksOf(database))["vault:transit/claviger:v1"] ?? 0) >= 100, { timeoutMs: 20_000 });
  await killed.kill9();
  vault.before = () => undefined;
  held.resolve();
  expect(await keksOf(database)).toEqual({ "vault:transit/claviger:v1": 100, [local]: 20 });
  for (const { id, secret } of [keys[0], keys[119]] as MadeKey[])
    expect((await reveal({ root }, id)).body.secret).toBe(secret);

  const { stdout } = await runCommand(["rotate-kek", "--json"], { ...settings, CLAVIGER_KEK_OLD: LOCAL_KEK });
  expect(JSON.parse(stdout)).toEqual({ kek: "vault:transit/claviger:v1", rewrapped: 20, unopened: 0 });
  vault.away = true;
  const away = await startCommand(["rotate-kek"], settings).finished;
  expect(away).toMatchObject({ code: 69 });
  expect(away.stderr).toContain("vault:transit/claviger: gave no answer; what was wrapped again stays so");
  vault.away = false;
  vault.rotate();
  // What it takes the place of is the only copy.
  vault.lies = true;
  const lied = await startCommand(["rotate-kek"], settings).finished;
  expect(lied).toMatchObject({ code: 69 });
  expect(lied.stderr).toContain("does not open what it has wrapped");
  expect(await keksOf(database)).toEqual({ "vault:transit/claviger:v1": 120 });
  vault.lies = false;
  const again = await runCommand(["rotate-kek", "--json"], settings);
  expect(JSON.parse(again.stdout)).toEqual({ kek: "vault:transit/claviger:v2", rewrapped: 120, unopened: 0 });
  expect(await keksOf(database)).toEqual({ "vault:transit/claviger:v2": 120 });
  // Without the old one.
  const after = await startApp({ database, env: { CLAVIGER_RECOVERABLE: "production", ...ofVault() } });
  onTestFinished(() => after.stop());
  const last = client(after.url, before.app.managementKey);
  for (const { id, secret } of keys.slice(0, 10)) expect((await reveal({ root: last }, id)).body.secret).toBe(secret);
  const { valid } = (
    await last.post<{ valid: boolean }>("/v1/verify", { key: keys[5]?.secret ?? "", environment: "live" })
  ).body;
  expect(valid).toBe(true);
  // Of whoever has the old one alone, nothing opens.
  expect(await reveal(before, keys[0]?.id ?? "")).toMatchObject(unavailable);
  const audited = (await last.get<Page<{ after: { rows: number } }>>("/v1/audit-events?action=kek.rotated")).body.data;
  expect(audited.reduce((sum, { after: { rows } }) => sum + rows, 0)).toBe(240);
});

test("a backup holds what is sealed and not the key-encryption key: restored, secrets are revealed with it and with no other", async () => {
  const target = await testDatabase();
  const stage = await open({ CLAVIGER_KEK: LOCAL_KEK });
  onTestFinished(async () => {
    await stage.app.stop();
    await target.drop();
  });
  const { id, secret } = await issueKey(stage.root, stage.account.id);
  const gone = await issueKey(stage.root, stage.account.id);
  succeeded(await stage.root.post(`/v1/keys/${gone.id}/revoke`, { reason: "unused" }));
  const backup = { key: Buffer.alloc(32, 3).toString("base64"), passphrase: null };
  const operating = (database: TestDatabase) => ({
    environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: directory },
    ...{ workingDirectory: directory, operator: "tester", secret: backup, resume: false },
  });
  const file = join(directory, "backup");
  await createBackup({ ...operating(stage.app.database), to: file, keyring: "with" });
  await restoreBackup({ ...operating(target), from: file, keyringFrom: null });
  const on = async (kek: string) => {
    const app = await startApp({ database: target, env: { CLAVIGER_RECOVERABLE: "production", CLAVIGER_KEK: kek } });
    onTestFinished(() => app.stop());
    return { root: client(app.url, stage.app.managementKey) };
  };
  const other = await on(Buffer.alloc(32, 9).toString("base64"));
  expect(await reveal(other, id)).toMatchObject(unavailable);
  const right = await on(LOCAL_KEK);
  expect((await reveal(right, id)).body.secret).toBe(secret);
  expect(Object.values(await keksOf(target))).toEqual([1]);
});

test("a file with the key-encryption key that others may read stops the start, and so do settings that cannot work", async () => {
  const file = join(directory, "kek");
  await writeFile(file, LOCAL_KEK);
  const failure = (env: Record<string, string>): string => {
    try {
      loadConfig({ CLAVIGER_RECOVERABLE: "production", ...env }, directory);
      return "it works";
    } catch (error) {
      return (error as ConfigError).message;
    }
  };
  for (const [mode, told] of [
    [0o644, /mode 0644; must be/],
    [0o660, /mode 0660/],
    [0o440, /^it works$/],
    [0o600, /^it works$/],
  ] as const) {
    await chmod(file, mode);
    expect(failure({ CLAVIGER_KEK_FILE: file })).toMatch(told);
  }
  expect(failure({})).toMatch(/^CLAVIGER_KEK: is not set; with CLAVIGER_RECOVERABLE/);
  expect(failure({ CLAVIGER_RECOVERABLE: "live", CLAVIGER_KEK: LOCAL_KEK })).toMatch(
    /^CLAVIGER_RECOVERABLE: "live" is not valid/,
  );
  expect(failure({ CLAVIGER_KEK: "c2hvcnQ=" })).toMatch(/^CLAVIGER_KEK: the value of 8 characters is not valid/);
  expect(failure({ CLAVIGER_KEK: "vault:transit/claviger" })).toMatch(/^CLAVIGER_KEK_VAULT_URL: is not set/);
  expect(failure({ ...ofVault(), CLAVIGER_KEK_VAULT_URL: "http://vault.example:8200" })).toMatch(
    /^CLAVIGER_KEK_VAULT_URL: .* must be https/,
  );
  expect(failure({ CLAVIGER_KEK: "awskms:alias/claviger" })).toMatch(/^CLAVIGER_KEK: .* no alias/);
  expect(failure({ CLAVIGER_KEK: "awskms:1234abcd-12ab-34cd-56ef-1234567890ab" })).toMatch(
    /^CLAVIGER_KEK_AWS_REGION: is not set/,
  );
  expect(failure({ ...ofKms(), CLAVIGER_KEK_AWS_CREDENTIALS: "canary" })).toMatch(
    /CREDENTIALS: the value of 6 characters/,
  );
});
