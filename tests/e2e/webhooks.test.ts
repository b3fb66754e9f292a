/** Webhooks over the API and the command line (I1): real receivers, real signatures, real isolation. */
import { EVENT_TYPES } from "@claviger/contract";
import {
  type Api,
  issueKey,
  issueManagementKey,
  makeAccount,
  startApp,
  succeeded,
  type WebhookReceiver,
  waitFor,
  webhookReceiver,
} from "@claviger/testkit";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type AuditEvent, client, openStage, type Page, type Stage } from "../support/client.ts";
import { startCommand } from "../support/command.ts";

interface Hook {
  readonly id: string;
  readonly url: string;
  readonly secret: string | null;
}
interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly type: string;
  readonly repeat: number;
  readonly state: string;
  readonly attempts: readonly { readonly status: number | null; readonly error: string | null }[];
}
interface Told {
  readonly id: string;
  readonly type: string;
  readonly account: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

let stage: Stage;
let root: Api;
beforeAll(async () => {
  stage = await openStage({ CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" });
  root = stage.root;
});
afterAll(() => stage.app.stop());

async function receiverOf(): Promise<WebhookReceiver> {
  const receiver = await webhookReceiver();
  onTestFinished(() => receiver.close());
  return receiver;
}

const put = async (id: string, body: object) => succeeded(await root.put<Hook>(`/v1/webhooks/${id}`, body)).body;
const deliveries = async (id: string) =>
  succeeded(await root.get<Page<Delivery>>(`/v1/webhooks/${id}/deliveries`)).body.data;
const told = ({ received }: WebhookReceiver): Told[] => received.map(({ body }) => JSON.parse(body) as Told);

test("what acts announce is posted, signed, in the shape of the catalogue; the secret is shown once", async () => {
  const receiver = await receiverOf();
  const { secret } = await put("all", { url: receiver.url, events: ["*"] });
  expect(secret).toMatch(/^whsec_/);
  const { id } = await issueKey(root, stage.account.id);
  succeeded(await root.patch(`/v1/keys/${id}`, { purpose: "reports" }));
  succeeded(await root.post(`/v1/keys/${id}/suspend`, { reason: "a question" }));
  succeeded(await root.post(`/v1/keys/${id}/resume`));
  succeeded(await root.post(`/v1/keys/${id}/rotate`, {}));
  succeeded(await root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
  await waitFor(() => told(receiver).some(({ type }) => type === "key.revoked"), { timeoutMs: 15_000 });
  await waitFor(async () => (await deliveries("all")).every(({ state }) => state === "delivered"));
  for (const { body, headers } of receiver.received) {
    const event = new Webhook(secret ?? "").verify(body, headers as Record<string, string>) as Told;
    const known = EVENT_TYPES.find(({ type }) => type === event.type);
    expect(known?.data.strict().safeParse(event.data).error, event.type).toBeUndefined();
    expect(event.id).toBe(headers["webhook-id"]);
  }
  expect(told(receiver).map(({ type }) => type)).toEqual(
    expect.arrayContaining(["key.created", "key.updated", "key.suspended", "key.resumed", "rotation.started"]),
  );
  expect((await put("all", { url: receiver.url, events: ["*"] })).secret).toBeNull();
  for (const path of ["/v1/webhooks/all", "/v1/webhooks", "/v1/webhooks/all/deliveries", "/v1/audit-events"]) {
    expect((await root.get(path)).text).not.toContain(secret);
  }
  const { body } = await root.get<Page<AuditEvent>>("/v1/audit-events?action=webhook.created");
  expect(body.data[0]).toMatchObject({ target: { type: "webhook", id: "all" } });
  expect(await root.call("DELETE", "/v1/webhooks/all")).toMatchObject({ status: 200, body: { id: "all" } });
  expect(await root.get("/v1/webhooks/all")).toMatchObject({ status: 404 });
});

test("an account's webhook hears of its own keys and of nobody else's", async () => {
  const receiver = await receiverOf();
  const other = await makeAccount(root);
  await put("own", { url: receiver.url, events: ["key.created"], account: stage.account.externalId });
  await issueKey(root, other.id);
  const { id } = await issueKey(root, stage.account.id);
  await waitFor(() => receiver.received.length > 0, { timeoutMs: 15_000 });
  succeeded(await root.post("/v1/webhooks/own/test"));
  await waitFor(() => receiver.received.length > 1, { timeoutMs: 15_000 });
  expect(told(receiver).map(({ account }) => account)).toEqual([stage.account.id, stage.account.id]);
  expect(told(receiver)[0]?.data).toMatchObject({ key: id });
  const moved = { url: receiver.url, events: ["*"], account: other.id };
  expect(await root.put("/v1/webhooks/own", moved)).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
});

test("what was refused is tried again under its id, and can be sent again, one or a span of time", async () => {
  const receiver = await receiverOf();
  let first = true;
  receiver.react(() => {
    const status = first ? 503 : 204;
    first = false;
    return status;
  });
  const from = new Date().toISOString();
  await put("again", { url: receiver.url, events: ["key.created"] });
  await issueKey(root, stage.account.id);
  await waitFor(async () => (await deliveries("again"))[0]?.state === "delivered", { timeoutMs: 20_000 });
  const [delivery] = await deliveries("again");
  expect(delivery?.attempts.map(({ status, error }) => [status, error])).toEqual([
    [503, "answered 503"],
    [204, null],
  ]);
  succeeded(await root.post("/v1/webhooks/again/replay", { delivery: delivery?.id }));
  const span = { from, to: new Date(Date.now() + 60_000).toISOString() };
  expect(await root.post("/v1/webhooks/again/replay", span)).toMatchObject({
    status: 202,
    body: { replayed: 1, nextCursor: null },
  });
  await waitFor(() => receiver.received.length === 4, { timeoutMs: 15_000 });
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([delivery?.event]));
  expect((await deliveries("again")).map(({ repeat }) => repeat)).toEqual([2, 1, 0]);
});

test("what may not be called is refused at the field; who lacks the scope is refused", async () => {
  const strict = await openStage();
  onTestFinished(() => strict.app.stop());
  for (const url of [
    "http://hooks.example.com/",
    "https://127.0.0.1/",
    "https://[::ffff:10.0.0.1]/",
    "ftp://x/",
    "x",
  ]) {
    expect(await strict.root.put("/v1/webhooks/bad", { url, events: ["*"] })).toMatchObject({
      status: 400,
      body: { code: "VALIDATION_FAILED", errors: [{ path: "url" }] },
    });
  }
  // A name of this machine: it is looked up when it is called, and refused then.
  await strict.root.put("/v1/webhooks/local", { url: "https://localhost/", events: ["webhook.disabled"] });
  succeeded(await strict.root.post("/v1/webhooks/local/test"));
  const attempts = async () =>
    (await strict.root.get<Page<Delivery>>("/v1/webhooks/local/deliveries")).body.data[0]?.attempts ?? [];
  await waitFor(async () => (await attempts()).length > 0, { timeoutMs: 15_000 });
  expect((await attempts())[0]).toMatchObject({ status: null, error: "the address is not public" });
  for (const events of [[], ["nothing.happened"], ["*", "key.created"], ["key.created", "key.created"]])
    expect(await root.put("/v1/webhooks/bad", { url: "https://x.example/", events })).toMatchObject({ status: 400 });
  const { secret } = await issueManagementKey(root, ["claviger:webhooks:read"]);
  const reader = client(stage.app.url, secret);
  expect(await reader.get("/v1/webhooks")).toMatchObject({ status: 200 });
  expect(await reader.put("/v1/webhooks/bad", { url: "https://x.example/", events: ["*"] })).toMatchObject({
    status: 403,
  });
});

test("a name is resolved anew at each attempt, and the attempt goes to what was resolved; beside one private address no public one counts", async () => {
  const receiver = await receiverOf();
  const answers = [["127.0.0.2"], ["127.0.0.1"]];
  const asked: string[] = [];
  const app = await startApp({
    env: { CLAVIGER_ALLOW_PRIVATE_TARGETS: "true" },
    house: {
      resolve: async (host) => {
        asked.push(host);
        return (answers.shift() ?? []).map((address) => ({ address, family: 4 }));
      },
    },
  });
  onTestFinished(() => app.stop());
  const url = `http://hooks.example.test:${receiver.port}/x`;
  const attemptsOf = async (api: Api, count: number) => {
    succeeded(await api.put("/v1/webhooks/named", { url, events: ["webhook.disabled"] }));
    succeeded(await api.post("/v1/webhooks/named/test"));
    return waitFor(
      async () => {
        const [delivery] = (await api.get<Page<Delivery>>("/v1/webhooks/named/deliveries")).body.data;
        return (delivery?.attempts.length ?? 0) >= count ? delivery : null;
      },
      { timeoutMs: 20_000 },
    );
  };
  const delivery = await attemptsOf(client(app.url, app.managementKey), 2);
  // Nothing listens on the first address: had the connection asked again, it had gone to the second.
  expect(delivery).toMatchObject({
    state: "delivered",
    attempts: [{ error: "the connection broke: ECONNREFUSED" }, { status: 204 }],
  });
  expect(asked).toEqual(["hooks.example.test", "hooks.example.test"]);
  expect(receiver.received[0]).toMatchObject({ path: "/x", headers: { host: `hooks.example.test:${receiver.port}` } });
});

test("webhooks are handled from the command line", async () => {
  const receiver = await receiverOf();
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const run = async (...args: string[]) => {
    const finished = await startCommand(["webhooks", ...args, "--json"], env).finished;
    expect(finished).toMatchObject({ code: 0 });
    return JSON.parse(finished.stdout) as Record<string, unknown>;
  };
  const made = await run(
    "put",
    "cli",
    "--webhook-url",
    receiver.url,
    "--events",
    "webhook.disabled",
    "--format",
    "slack",
  );
  expect(made).toMatchObject({ id: "cli", format: "slack", url: `${new URL(receiver.url).origin}/…` });
  expect(await run("test", "cli")).toMatchObject({ type: "webhook.test", state: "waiting" });
  await waitFor(() => receiver.received.length === 1, { timeoutMs: 15_000 });
  expect(receiver.received[0]).toMatchObject({ path: "/hooks", body: '{"text":"This is a test of the webhook cli."}' });
  expect((await run("rotate-secret", "cli", "--overlap-hours", "1")).secret).toMatch(/^whsec_/);
});
