/**
 * The life of keys as it is lived (D4, D5, A8, E1, E5, A7): each act by its command, a customer's program calling an API all along that decides in
 * its own process, people mailed and webhooks told.
 */
import { hash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVerifier } from "@claviger/sdk";
import { nodeKeys } from "@claviger/sdk/node";
import {
  issueManagementKey,
  type MailSink,
  mailSink,
  succeeded,
  type VaultServer,
  vaultServer,
  type WebhookReceiver,
  waitFor,
  webhookReceiver,
} from "@claviger/testkit";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { type Caller, callAlong } from "../support/caller.ts";
import { type Effective, openStage, type Stage } from "../support/client.ts";
import { asPlatform } from "../support/filler.ts";

interface Issued {
  readonly key: { readonly id: string; readonly status: string };
  readonly secret: string;
  readonly effective: Effective | null;
}
interface Waiting {
  readonly approval: { readonly id: string; readonly kind: string; readonly status: string };
  readonly secret: null;
}
interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const WEBHOOK_EVENTS = ["rotation.started", "rotation.finished", "schedule.held", "approval.requested", "key.revoked"];
const PATIENT = { timeoutMs: 30_000 };

let stage: Stage;
let sink: MailSink;
let hooks: WebhookReceiver;
let vault: VaultServer;
let api: Server;
let url: string;
let dir: string;
let hookSecret: string;
const closing: (() => unknown)[] = [];
/** Every secret that was made, none of which anybody may be mailed or told. */
const secrets: string[] = [];

beforeAll(async () => {
  [sink, hooks, vault] = await Promise.all([mailSink(), webhookReceiver(), vaultServer({ token: "hvs.of-claviger" })]);
  dir = await mkdtemp(join(tmpdir(), "claviger-live-"));
  stage = await openStage({
    ...{ CLAVIGER_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, CLAVIGER_MAIL_FROM: "Keys <keys@example.com>" },
    ...{ CLAVIGER_MAIL_GATHER_SECONDS: "0", CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" },
  });
  const { secret: credential } = await issueManagementKey(stage.root, ["verify"]);
  const verifier = await createVerifier({ url: stage.app.url, credential, environment: "live", mode: "local" });
  const guarded = nodeKeys(verifier, { scopes: ["contacts:read"] });
  api = createServer(guarded((_, response, key) => void response.end(key.keyId)));
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/contacts`;
  closing.push(() => verifier.close());
  const hook = { url: hooks.url, events: WEBHOOK_EVENTS };
  hookSecret = succeeded(await stage.root.put<{ secret: string }>("/v1/webhooks/live", hook)).body.secret;
  await writeFile(join(dir, "vault.json"), JSON.stringify({ vault: { address: vault.url, token: "hvs.of-claviger" } }));
});
afterAll(async () => {
  for (const close of closing) await close();
  api.closeAllConnections();
  api.close();
  await stage.app.stop();
  await Promise.all([sink.close(), hooks.close(), vault.close(), rm(dir, { recursive: true })]);
});

/** What a command answers, of whoever holds `as`. */
async function run<T = Issued>(command: string, as = stage.app.managementKey, ...values: string[]): Promise<T> {
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: as };
  const finished = await claviger([...command.split(" "), ...values, "--json"], env);
  expect(finished.code, finished.stderr).toBe(0);
  const answer = JSON.parse(finished.stdout) as T & { readonly secret?: string | null };
  if (typeof answer.secret === "string") secrets.push(answer.secret);
  return answer;
}
const create = (label: string, ...more: string[]): Promise<Issued> =>
  run(
    `keys create --account ${stage.account.id} --environment live --scopes contacts:read --label ${label}`,
    undefined,
    ...more,
  );
const statusWith = async (secret: string): Promise<number> =>
  (await fetch(url, { headers: { authorization: `Bearer ${secret}` } })).status;
const told = (type: string): Told[] =>
  hooks.received.map(({ body }) => JSON.parse(body) as Told).filter((event) => event.type === type);
const toldOf = (type: string, key: string) => told(type).filter(({ data }) => data.key === key);
const mailsTo = (role: string) => sink.received.filter(({ to }) => to.includes(`${role}@acme.example`));
const refusedOf = ({ calls }: Caller) => calls.filter(({ status }) => status !== 200);
const rotationOf = async (id: string) =>
  succeeded(await stage.root.get<{ rotation: { seenAt: string | null; to: number } | null }>(`/v1/keys/${id}/rotation`))
    .body.rotation;
const seen = (id: string, version: number) =>
  waitFor(async () => {
    const rotation = await rotationOf(id);
    return rotation?.to === version && rotation.seenAt !== null;
  }, PATIENT);
/** Makes a number of accepted calls with this secret sure. */
const calledWith = ({ calls }: Caller, secret: string) =>
  waitFor(() => calls.filter((call) => call.secret === secret && call.status === 200).length >= 20, PATIENT);

describe("the key of an integration that calls all along", () => {
  let caller: Caller;
  let id: string;
  let current: string;

  beforeAll(async () => {
    const { admin } = stage.account.members;
    const dependants = JSON.stringify([{ name: "Payroll", contact: "viewer@acme.example" }]);
    const { key, secret } = await create("CRM", "--owner", admin, "--dependants", dependants);
    [id, current] = [key.id, secret];
    caller = callAlong(url, secret);
    closing.unshift(() => caller.stop());
    await calledWith(caller, secret);
  });

  test("is rotated by hand without one refused request; who depends on it is mailed and ticked off", async () => {
    const old = current;
    current = (await run(`keys rotate ${id}`)).secret;
    await waitFor(() => mailsTo("viewer").some(({ text }) => text.includes(id)), PATIENT);
    await waitFor(() => toldOf("rotation.started", id).length === 1, PATIENT);
    caller.use(current);
    await calledWith(caller, current);
    await seen(id, 2);
    await run(`keys rotation acknowledge ${id} --dependant Payroll`);
    await run(`keys rotation confirm ${id}`);
    expect((await run(`keys rotation finish ${id} --yes`)).effective).toMatchObject({ everywhere: true });
    expect(await statusWith(old)).toBe(401);
    await waitFor(() => toldOf("rotation.finished", id).length === 1, PATIENT);
    expect(refusedOf(caller)).toEqual([]);
  });

  test("is rotated by schedule into a Vault, from which it is read, without one refused request", async () => {
    await run("stores put vault", undefined, "--data", `@${join(dir, "vault.json")}`);
    const deliverTo = JSON.stringify({ store: "vault", path: "crm/api-key" });
    await run(`schedules put ${id} --every-days 30 --overlap-hours 24`, undefined, "--deliver-to", deliverTo);
    const inHand = current;
    caller.use(() => String(vault.read("crm/api-key")?.secret ?? inHand));
    await asPlatform(stage.app.database, async (node) => {
      await node.query("BEGIN; SELECT set_config('claviger.change_seq', '0', true)");
      await node.query("UPDATE key_version SET created_at = created_at - interval '30 days' WHERE key_id = $1", [id]);
      await node.query("UPDATE rotation_schedule SET next_at = now() WHERE key_id = $1", [id]);
      await node.query("COMMIT");
    });
    await waitFor(() => vault.read("crm/api-key") !== undefined, PATIENT);
    current = String(vault.read("crm/api-key")?.secret);
    secrets.push(current);
    await calledWith(caller, current);
    await seen(id, 3);
    expect(toldOf("rotation.started", id)).toHaveLength(2);
    expect(refusedOf(caller)).toEqual([]);
  });

  test("is rotated in an emergency once somebody else has approved, and the old secret ends with it everywhere", async () => {
    const rule = { by: "account", acts: ["rotate"], environments: ["live"] };
    await run("policies put careful", undefined, "--approvals", JSON.stringify([rule]));
    await run(`policies put-account ${stage.account.id} --policy careful`);
    const scopes = ["claviger:keys:read", "claviger:keys:write", "claviger:keys:emergency"];
    const { secret: backend } = await issueManagementKey(stage.root, scopes);
    const asked = await run<Waiting>(`keys rotate ${id} --overlap-hours 0 --requested-by ext:developer`, backend);
    expect(asked).toMatchObject({ secret: null, approval: { kind: "rotate", status: "requested" } });
    await waitFor(() => mailsTo("owner").some(({ text }) => text.includes(asked.approval.id)), PATIENT);
    await run(`approvals approve ${asked.approval.id} --by ext:owner`);
    expect(refusedOf(caller)).toEqual([]);

    const claimed = await run(`approvals claim ${asked.approval.id}`, backend);
    const returnedAt = performance.now();
    expect(claimed.effective).toMatchObject({ everywhere: true });
    const startedLater = () => caller.calls.filter(({ startedAt }) => startedAt > returnedAt);
    await waitFor(() => startedLater().length >= 20, PATIENT);
    expect(new Set(startedLater().map(({ status }) => status))).toEqual(new Set([401]));
    caller.use(claimed.secret);
    await calledWith(caller, claimed.secret);
    expect(await statusWith(claimed.secret)).toBe(200);
  });
});

test("a new key waits for somebody else, is claimed by who asked, and works", async () => {
  const rule = { by: "account", acts: ["create"], tiers: ["write"] };
  await run("policies put careful", undefined, "--approvals", JSON.stringify([rule]));
  const scopes = ["claviger:keys:write", "claviger:keys:read"];
  const { secret: backend } = await issueManagementKey(stage.root, scopes);
  const asked = await run<Waiting>(
    `keys create --account ${stage.account.id} --environment live --label Sync --tier write --created-by ext:developer`,
    backend,
  );
  await run(`approvals approve ${asked.approval.id} --by ext:owner`);
  const { secret } = await run(`approvals claim ${asked.approval.id}`, backend);
  expect(await statusWith(secret)).toBe(200);
});

test("a developer leaves: what they own stops when the command returns, what is others' goes on", async () => {
  const { developer, owner } = stage.account.members;
  const [laptop, nightly] = [await create("Laptop", "--owner", developer), await create("Nightly", "--owner", owner)];
  expect([await statusWith(laptop.secret), await statusWith(nightly.secret)]).toEqual([200, 200]);
  await run(`members offboard ${stage.account.id} ${developer} --keys suspend --yes`);
  expect([await statusWith(laptop.secret), await statusWith(nightly.secret)]).toEqual([401, 200]);
});

test("21 forgotten keys of a saved view are revoked with their number typed back, all before the command returns", async () => {
  const made = await Promise.all(
    Array.from({ length: 21 }, async (_, index) => {
      const body = { account: stage.account.id, environment: "live", label: `Old ${index}`, scopes: ["contacts:read"] };
      return succeeded(await stage.root.post<Issued>("/v1/keys", { ...body, tags: ["forgotten"] })).body;
    }),
  );
  secrets.push(...made.map(({ secret }) => secret));
  await run("views save forgotten", undefined, "--filter", JSON.stringify({ tag: "forgotten" }));
  interface Many {
    readonly selected: { readonly confirm: number };
    readonly results: readonly { readonly outcome: string }[];
  }
  const { selected } = await run<Many>("keys revoke-many --view forgotten --reason unused --dry-run");
  expect(selected.confirm).toBe(21);
  expect(await Promise.all(made.map(({ secret }) => statusWith(secret)))).toEqual(made.map(() => 200));
  const done = await run<Many>("keys revoke-many --view forgotten --reason unused --confirm 21 --yes");
  expect(done.results.map(({ outcome }) => outcome)).toEqual(made.map(() => "done"));
  expect(await Promise.all(made.map(({ secret }) => statusWith(secret)))).toEqual(made.map(() => 401));
  await waitFor(() => made.every(({ key }) => toldOf("key.revoked", key.id).length === 1), PATIENT);
});

test("2 000 keys of an older system are imported by their SHA-256, and each goes on working", async () => {
  const old = Array.from({ length: 2_000 }, () => `sk_old_${randomBytes(15).toString("hex")}`);
  secrets.push(...old);
  const lines = old.map((key, index) =>
    JSON.stringify({ label: `Import ${index}`, scopes: ["contacts:read"], sha256: hash("sha256", key, "hex") }),
  );
  await writeFile(join(dir, "keys.ndjson"), `${lines.join("\n")}\n`);
  const done = await run<{ imported: number; failed: number }>(
    `imports import ${join(dir, "keys.ndjson")} --account ${stage.account.id} --environment live`,
  );
  expect(done).toMatchObject({ imported: 2_000, failed: 0 });
  for (const key of old.filter((_, index) => index % 100 === 0)) expect(await statusWith(key)).toBe(200);
});

test("nobody was mailed or told a secret, and every webhook is signed and came once", async () => {
  await waitFor(() => told("rotation.started").length >= 3, PATIENT);
  expect(secrets.length).toBeGreaterThan(2_000);
  const posted = hooks.received.map(({ body }) => body).join("\n");
  const mailed = sink.received.map(({ raw, text, html }) => `${raw}\n${text}\n${html}`).join("\n");
  expect(secrets.filter((secret) => posted.includes(secret) || mailed.includes(secret))).toEqual([]);
  for (const { body, headers } of hooks.received) {
    new Webhook(hookSecret).verify(body, headers as Record<string, string>);
  }
  const ids = hooks.received.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(ids.length);
});
