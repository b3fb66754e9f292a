/** Secrets go to secret stores (J7): once, to what is ours, from nowhere but a seal, and what no store takes is offered once. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Api,
  AWS_ACCESS_KEY,
  api,
  issueManagementKey,
  type SecretsManagerServer,
  type ShiftedClock,
  secretsManagerServer,
  shiftedClock,
  startApp,
  succeeded,
  type VaultServer,
  vaultServer,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type AuditEvent, openStageOn, type Page, type Problem, type Stage } from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";

interface HandOver {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  readonly attempts: readonly { readonly error: string | null }[];
}
interface Made {
  readonly key: { readonly id: string };
  readonly secret: string | null;
  readonly handOver: HandOver | null;
}
interface Tested {
  readonly passed: boolean;
  readonly readBack: boolean | null;
  readonly error: string | null;
}

let stage: Stage;
let root: Api;
let vault: VaultServer;
let aws: SecretsManagerServer;
let dir: string;
let clock: ShiftedClock;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-stores-"));
  const script = join(dir, "put-secret");
  // Two arguments of the settings, then path, key and version; the secret from its standard input.
  await writeFile(
    script,
    `#!/bin/sh\nset -eu\n[ "$1" = "--into" ]\ncat > "$2/$(basename "$3").$5"\nprintf '%s' "$(env | cut -d= -f1 | sort | tr '\\n' ' ')" > "$2/env"\n`,
  );
  await chmod(script, 0o755);
  const commands = {
    "put-secret": [script, "--into", dir],
    broken: ["/usr/bin/false"],
    missing: [join(dir, "nothing")],
  };
  [vault, aws] = [await vaultServer({ roleId: "role", secretId: "of-a-role" }), await secretsManagerServer()];
  const env = { CLAVIGER_ALLOW_PRIVATE_TARGETS: "true", CLAVIGER_STORE_COMMANDS: JSON.stringify(commands) };
  clock = shiftedClock();
  stage = await openStageOn(await startApp({ env: { ...env, ...RECOVERABLE }, house: { clock } }));
  root = stage.root;
  const appRole = { roleId: "role", secretId: "of-a-role" };
  await put("vault", { vault: { address: vault.url, namespace: "team", appRole }, pathPrefix: "claviger/" });
  await put("aws", { aws: { region: "eu-central-1", endpoint: aws.url, ...AWS_ACCESS_KEY } });
  await put("command", { command: "put-secret", pathPrefix: "of/" });
});
afterAll(async () => {
  await stage.app.stop();
  await Promise.all([vault.close(), aws.close(), rm(dir, { recursive: true })]);
});

const put = async (id: string, body: object) => succeeded(await root.put<object>(`/v1/stores/${id}`, body)).body;
const bodyFor = (deliverTo: object) => ({
  ...{ account: stage.account.id, environment: "live", label: "CRM", tier: "read", deliverTo },
});
const made = async (store: string, path: string): Promise<Made> =>
  succeeded(await root.post<Made>("/v1/keys", bodyFor({ store, path }))).body;
const handOver = async (id: string) => succeeded(await root.get<HandOver>(`/v1/hand-overs/${id}`)).body;
const reached = (made: Made, state: string) =>
  waitFor(async () => (await handOver(made.handOver?.id ?? "")).state === state, { timeoutMs: 15_000, what: state });
const works = async (secret: unknown): Promise<boolean> =>
  succeeded(await root.post<{ valid: boolean }>("/v1/verify", { key: secret, environment: "live" })).body.valid;
const sql = async (text: string, values: readonly unknown[] = []) =>
  (await asPlatform(stage.app.database, (node) => node.query(text, [...values]))).rows;
const sealedOf = async ({ handOver: of }: Made) =>
  (await sql("SELECT sealed FROM hand_over WHERE id = $1", [of?.id]))[0]?.sealed as Buffer | null;
const hurry = (of: Made) => sql("UPDATE hand_over SET due_at = now() WHERE id = $1", [of.handOver?.id]);

describe("a secret that is delivered", () => {
  test("is in no answer, stands in the store, works, and is gone from the database", async () => {
    vault.react(() => 503);
    const created = await made("vault", "billing/key");
    expect(created).toMatchObject({ secret: null, link: null, handOver: { state: "waiting", store: "vault" } });
    await waitFor(async () => (await handOver(created.handOver?.id ?? "")).attempts.length > 0);
    const sealed = (await sealedOf(created)) as Buffer;
    vault.react(() => "answer");
    await hurry(created);
    await reached(created, "delivered");
    const held = vault.read("team/claviger/billing/key");
    expect(held).toMatchObject({ key: created.key.id, version: "1" });
    expect(await works(held?.secret)).toBe(true);
    expect(sealed.includes(String(held?.secret))).toBe(false);
    expect(await sealedOf(created)).toBeNull();
    const trail = await root.get<Page<AuditEvent>>("/v1/audit-events?target=vault&limit=10");
    expect(trail.body.data[0]).toMatchObject({ action: "store.delivered", actor: { type: "system", id: "stores" } });
    expect(trail.text).not.toContain(String(held?.secret));
  });

  test("takes the place of the version before, at the same path", async () => {
    const created = await made("vault", "rotated");
    await reached(created, "delivered");
    const body = { deliverTo: { store: "vault", path: "rotated" } };
    const rotated = succeeded(await root.post<Made>(`/v1/keys/${created.key.id}/rotate`, body)).body;
    expect(rotated.secret).toBeNull();
    await reached(rotated, "delivered");
    expect(vault.read("team/claviger/rotated")).toMatchObject({ version: "2" });
    expect(await works(vault.read("team/claviger/rotated")?.secret)).toBe(true);
  });

  test("leaves no login behind", async () => {
    const { made: before, left } = vault.logins();
    await reached(await made("vault", "logged-in"), "delivered");
    expect(vault.logins().made).toBeGreaterThan(before);
    expect(vault.logins().left).toBe(left);
  });

  test.each(["vault", "aws"])("is written once to %s where the answer was lost", async (store) => {
    const server = store === "vault" ? vault : aws;
    const writes = ({ headers, body }: { headers: object; body: string }) =>
      body.includes("cas") || String((headers as Record<string, unknown>)["x-amz-target"]).endsWith("CreateSecret");
    let lost = 0;
    server.react((asked) => (writes(asked) && lost++ === 0 ? "lose-answer" : "answer"));
    const created = await made(store, "lost");
    await waitFor(async () => (await handOver(created.handOver?.id ?? "")).attempts.length > 0);
    await hurry(created);
    await reached(created, "delivered");
    expect(server.versions(store === "vault" ? "team/claviger/lost" : "lost")).toBe(1);
  });

  test("stands in Secrets Manager as JSON, written by requests that AWS would take", async () => {
    const created = await made("aws", "crm/api-key");
    await reached(created, "delivered");
    const held = JSON.parse(aws.read("crm/api-key") ?? "") as { secret: string };
    expect(held).toEqual({ key: created.key.id, version: "1", secret: expect.any(String) });
    expect(await works(held.secret)).toBe(true);
    const body = { deliverTo: { store: "aws", path: "crm/api-key" } };
    await reached(succeeded(await root.post<Made>(`/v1/keys/${created.key.id}/rotate`, body)).body, "delivered");
    expect(JSON.parse(aws.read("crm/api-key") ?? "")).toMatchObject({ version: "2" });
  });

  test("is read by a command from its standard input, which is told nothing of the service's settings", async () => {
    const created = await made("command", "file");
    await reached(created, "delivered");
    expect(await works(await readFile(join(dir, "file.1"), "utf8"))).toBe(true);
    expect(await readFile(join(dir, "env"), "utf8")).not.toMatch(/CLAVIGER|DATABASE/);
  });

  test("is never written over what is somebody else's", async () => {
    vault.put("team/claviger/theirs", { password: "theirs" });
    aws.put("theirs", "theirs");
    for (const store of ["vault", "aws"]) {
      const created = await made(store, "theirs");
      const { attempts } = await waitFor(async () => {
        const found = await handOver(created.handOver?.id ?? "");
        return found.attempts.length > 0 ? found : null;
      });
      expect(attempts[0]?.error).toBe("the path holds something else, which is not written over");
    }
    expect([vault.read("team/claviger/theirs"), aws.read("theirs")]).toEqual([{ password: "theirs" }, "theirs"]);
  });

  test("whose key has ended goes nowhere", async () => {
    vault.react(() => 503);
    const created = await made("vault", "ended");
    succeeded(await root.post(`/v1/keys/${created.key.id}/revoke`, { reason: "unused" }));
    vault.react(() => "answer");
    await hurry(created);
    await reached(created, "void");
    expect(vault.read("team/claviger/ended")).toBeUndefined();
    expect(await sealedOf(created)).toBeNull();
  });
});

describe("what a store does not take in time", () => {
  test("is offered, and given to one of many that claim it", async () => {
    vault.react(() => 503);
    onTestFinished(() => vault.react(() => "answer"));
    const created = await made("vault", "late");
    await waitFor(async () => (await handOver(created.handOver?.id ?? "")).attempts.length > 0);
    await sql("UPDATE hand_over SET due_at = now(), deadline = now() WHERE id = $1", [created.handOver?.id]);
    await reached(created, "offered");
    const path = `/v1/hand-overs/${created.handOver?.id}/claim`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => root.post<{ secret: string } & Problem>(path)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await works(given[0]?.body.secret)).toBe(true);
    expect(answers.filter(({ body }) => body.code === "STATE_CONFLICT")).toHaveLength(7);
    expect(await sealedOf(created)).toBeNull();
  });

  test("expires where nobody claims it", async () => {
    const offered = succeeded(await root.post<Made>("/v1/keys", bodyFor({ offer: true }))).body;
    expect(offered).toMatchObject({ secret: null, handOver: { state: "offered", store: null } });
    await sql("UPDATE hand_over SET deadline = now() WHERE id = $1", [offered.handOver?.id]);
    const claimed = await root.post<Problem>(`/v1/hand-overs/${offered.handOver?.id}/claim`);
    expect(claimed).toMatchObject({ status: 409 });
    await waitFor(async () => (await sealedOf(offered)) === null, { timeoutMs: 10_000 });
  });
});

describe("stores", () => {
  test.each([
    ["vault", { passed: true, readBack: true, error: null }],
    ["aws", { passed: true, readBack: true, error: null }],
    ["command", { passed: true, readBack: null, error: null }],
  ])("%s passes its test, more than once", async (id, expected) => {
    for (const _ of [1, 2])
      expect(succeeded(await root.post<Tested>(`/v1/stores/${id}/test`)).body).toMatchObject(expected);
  });

  test("are tested by one caller one after another: what costs a wait outside is not asked for without end", async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => root.post<Problem>("/v1/stores/vault/test")));
    const statuses = new Set(all.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 429]));
    expect(all.find(({ status }) => status === 429)?.body.code).toBe("TOO_MANY_ATTEMPTS");
  });

  test("a test says what is wrong, and nothing that the store said", async () => {
    const address = vault.url;
    await put("wrong", { vault: { address, appRole: { roleId: "role", secretId: "wrong-one" } } });
    await put("broken", { command: "broken" });
    await put("missing", { command: "missing" });
    const errorOf = async (id: string) => (await root.post<Tested>(`/v1/stores/${id}/test`)).body.error;
    expect(await errorOf("wrong")).toBe("Vault answered 400 to the login");
    expect(await errorOf("broken")).toBe("the command ended with 1");
    expect(await errorOf("missing")).toBe("the command did not run: ENOENT");
  });

  test("show no credential, keep it where they are put again, and send it nowhere else", async () => {
    const { accessKeyId, secretAccessKey } = AWS_ACCESS_KEY;
    const again = { aws: { region: "eu-central-1", endpoint: aws.url, accessKeyId }, description: "again" };
    await put("aws", again);
    expect((await root.post<Tested>("/v1/stores/aws/test")).body.passed).toBe(true);
    const elsewhere = { ...again.aws, endpoint: "http://127.0.0.1:1", secretAccessKey };
    for (const changed of [
      { aws: elsewhere },
      { aws: { ...again.aws, kmsKeyId: "alias/theirs" } },
      { ...again, pathPrefix: "theirs/" },
      { vault: { address: "http://127.0.0.1:1", token: "hvs.of-theirs" } },
      { command: "put-secret" },
    ]) {
      expect(await root.put<Problem>("/v1/stores/aws", changed)).toMatchObject({
        status: 409,
        body: { code: "CONFLICT" },
      });
    }
    const all = `${(await root.get("/v1/stores")).text}${(await root.get("/v1/audit-events?limit=200")).text}`;
    for (const secret of [secretAccessKey, "of-a-role", "wrong-one"]) expect(all).not.toContain(secret);
  });

  test("of commands run none but what the settings name", async () => {
    for (const command of ["constructor", "unknown"])
      expect(await root.put(`/v1/stores/evil`, { command })).toMatchObject({ status: 400 });
    expect(await root.put(`/v1/stores/evil`, { command: "/bin/sh" })).toMatchObject({ status: 400 });
    expect(await root.post("/v1/keys", bodyFor({ store: "command", path: "--help" }))).toMatchObject({ status: 400 });
    expect(await root.post("/v1/keys", bodyFor({ store: "vault", path: "a/../b" }))).toMatchObject({ status: 400 });
  });

  test("are named by who may, whom no wildcard makes, and not forgotten while a secret is on its way", async () => {
    for (const scope of ["claviger:keys:write", "claviger:stores:*", "claviger:*"]) {
      const writer = api(stage.app.url, (await issueManagementKey(root, [scope])).secret);
      expect(await writer.put("/v1/stores/theirs", { command: "put-secret" })).toMatchObject({ status: 403 });
    }
    await put("gone", { command: "broken" });
    const created = await made("gone", "x");
    expect(await root.call("DELETE", "/v1/stores/gone")).toMatchObject({ status: 409 });
    succeeded(await root.post(`/v1/keys/${created.key.id}/revoke`, { reason: "unused" }));
    await hurry(created);
    await reached(created, "void");
    const { id } = (await made("command", "of-a-schedule")).key;
    const deliverTo = { store: "gone", path: "x" };
    succeeded(await root.put(`/v1/keys/${id}/schedule`, { everyDays: 30, deliverTo }));
    expect(await root.call("DELETE", "/v1/stores/gone")).toMatchObject({ status: 409 });
    succeeded(await root.call("DELETE", `/v1/keys/${id}/schedule`));
    expect(await root.call("DELETE", "/v1/stores/gone")).toMatchObject({ status: 200 });
  });
});

test("stores that hang hold back nothing that is for another", async () => {
  vault.react(({ path }) => (path.includes("/hangs/") ? "hang" : "answer"));
  const hanging = Array.from({ length: 9 }, (_, index) => `a-hanging-${index}`);
  for (const id of hanging) {
    await put(id, { vault: { address: vault.url, appRole: { roleId: "role", secretId: "of-a-role" } } });
    for (let one = 0; one < 5; one += 1) await made(id, `hangs/${one}`);
  }
  const asked = () => vault.asked.filter(({ path }) => path.includes("/hangs/")).length;
  await waitFor(() => asked() >= 16, { timeoutMs: 10_000, what: "many to hang" });
  const created = await made("vault", "beside-them");
  await waitFor(async () => (await handOver(created.handOver?.id ?? "")).state === "delivered", { timeoutMs: 5_000 });
});

test("a key is rotated by schedule, its secret goes where the schedule says, and is recoverable where its key is", async () => {
  const { key } = await made("vault", "scheduled");
  const body = { everyDays: 1, deliverTo: { store: "vault", path: "scheduled" } };
  succeeded(await root.put(`/v1/keys/${key.id}/schedule`, body));
  clock.moveTo(clock.wall() + 25 * 3_600_000);
  const held = () => vault.read("team/claviger/scheduled");
  await waitFor(() => held()?.version === "2", { timeoutMs: 10_000, what: "the next version" });
  expect(await works(held()?.secret)).toBe(true);
  const revealed = await root.post<{ secret: string }>(`/v1/keys/${key.id}/reveal`, {
    reason: "to compare",
    version: 2,
  });
  expect(revealed.body.secret).toBe(held()?.secret);
});
