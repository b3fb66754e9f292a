/** Traces and logs by OpenTelemetry, received as a collector receives them; and that it costs nothing where it is off (F7). */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Api,
  externalSettings,
  issueKey,
  type MadeAccount,
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
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { serve } from "../../packages/server/src/main.ts";
import { client } from "../support/client.ts";
import { parseExposition } from "../support/exposition.ts";
import { type ReceivedSpan, type Receiver, startReceiver } from "../support/otlp-receiver.ts";

const SERVER = 2;
const CLIENT = 3;
const FAILED = 2;

let receiver: Receiver;
let database: TestDatabase;
let service: Service;
let root: Api;
let account: MadeAccount;

beforeAll(async () => {
  receiver = await startReceiver();
  database = await testDatabase();
  service = await startService({ database, env: settingsFor(receiver) });
  root = client(service.url, service.managementKey);
  await makeScopes(root);
  account = await makeAccount(root);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await database.drop();
  await receiver.stop();
});

function settingsFor({ url }: Receiver): Record<string, string> {
  return {
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SERVICE_NAME: "keys", OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a%20b" },
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
  };
}

let traces = 0;
/** A trace that no other request has. */
function newTrace(): { readonly traceId: string; readonly spanId: string; readonly header: string } {
  traces += 1;
  const traceId = `${traces}`.padStart(32, "a");
  const spanId = "00f067aa0ba902b7";
  return { traceId, spanId, header: `00-${traceId}-${spanId}-01` };
}

interface Asked {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly traceparent: string;
}

async function ask(path: string, { method = "GET", body, headers = {}, traceparent }: Asked): Promise<Response> {
  const response = await fetch(`${service.url}${path}`, {
    method,
    headers: {
      traceparent,
      ...(headers["claviger-credential"] === undefined ? { authorization: `Bearer ${service.managementKey}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response;
}

const spansOf = (traceId: string): ReceivedSpan[] => receiver.spans().filter((span) => span.traceId === traceId);

/** The spans of a trace once that of the request has come. */
async function received(traceId: string): Promise<{ readonly request: ReceivedSpan; readonly all: ReceivedSpan[] }> {
  await waitFor(async () => spansOf(traceId).some(({ kind }) => kind === SERVER), { what: "the span of a request" });
  const all = spansOf(traceId);
  const request = all.find(({ kind }) => kind === SERVER);
  if (request === undefined) throw new TypeError("it was there a moment ago");
  return { request, all };
}

describe("a traced request", () => {
  test("is a span below its caller's, by operation and route, with act, barrier and transactions below", async () => {
    const { id } = await issueKey(root, account.id);
    const { traceId, spanId, header } = newTrace();
    const answer = await ask(`/v1/keys/${id}/revoke`, {
      ...{ method: "POST", body: { reason: "unused" }, traceparent: header },
    });
    expect(answer.status).toBe(200);
    const { request, all } = await received(traceId);
    expect(request).toMatchObject({
      ...{ name: "POST /v1/keys/{id}/revoke", parentSpanId: spanId, kind: SERVER },
      attributes: {
        ...{ "http.request.method": "POST", "http.route": "/v1/keys/{id}/revoke", "url.scheme": "http" },
        ...{ "http.response.status_code": 200, "claviger.operation": "keys.revoke" },
      },
      resource: {
        ...{ "service.name": "keys", "deployment.environment.name": "test" },
        ...{ "service.version": expect.any(String), "service.instance.id": expect.stringMatching(/:\d+$/) },
      },
    });
    const named = (name: string) => all.filter((span) => span.name === name);
    const [act] = named("act");
    expect(act?.parentSpanId).toBe(request.spanId);
    expect(named("barrier")).toMatchObject([
      { parentSpanId: act?.spanId, attributes: { "claviger.nodes": 1, "claviger.seq": expect.any(Number) } },
    ]);
    const transactions = named("database transaction");
    expect(transactions.some(({ parentSpanId }) => parentSpanId === act?.spanId)).toBe(true);
    for (const { kind, attributes } of transactions) {
      expect({ kind, ...attributes }).toMatchObject({ kind: CLIENT, "db.system.name": "postgresql" });
    }
    expect(JSON.stringify(all)).not.toContain(id);
  });

  test("of a verification is one too, also where memory answers; a refusal is no failure", async () => {
    const { secret } = await issueKey(root, account.id);
    for (const [path, expected] of [
      ["/v1/verify", { "http.response.status_code": 200, "http.route": "/v1/verify" }],
      ["/v1/authorize?environment=live", { "http.response.status_code": 403, "http.route": "/v1/authorize" }],
    ] as const) {
      for (let round = 0; round < 2; round += 1) {
        const { traceId, spanId, header } = newTrace();
        const credential = { "claviger-credential": service.managementKey, "x-api-key": secret };
        const proxied = { ...credential, "x-original-method": "GET", "x-original-uri": "/no/where" };
        const body = { key: secret, environment: "live" };
        const verify = path === "/v1/verify" ? { method: "POST", body } : { headers: proxied };
        await (await ask(path, { ...verify, traceparent: header })).arrayBuffer();
        const { request } = await received(traceId);
        expect(request, `${path} ${round}`).toMatchObject({ parentSpanId: spanId, attributes: expected });
        expect(request.status.code ?? 0).not.toBe(FAILED);
      }
    }
  });

  test("that fails is a failure, and its log lines carry its trace, on stderr and as they are sent", async () => {
    const { traceId, header } = newTrace();
    const owner = new pg.Client(database.owner);
    await owner.connect();
    await owner.query("ALTER TABLE claviger.plan RENAME TO plan_away");
    const answer = await ask("/v1/plans", { traceparent: header });
    await owner.query("ALTER TABLE claviger.plan_away RENAME TO plan");
    await owner.end();
    expect(answer.status).toBe(500);
    const { request } = await received(traceId);
    expect(request).toMatchObject({ status: { code: FAILED }, attributes: { "error.type": "500" } });
    const line = service
      .output()
      .split("\n")
      .find((each) => each.includes(traceId));
    expect(JSON.parse(line ?? "{}")).toMatchObject({ msg: "unforeseen error", trace_id: traceId, trace_flags: "01" });
    await waitFor(async () => receiver.lines().some((each) => each.traceId === traceId), { what: "the line of log" });
    expect(receiver.lines().find((each) => each.traceId === traceId)).toMatchObject({
      ...{ body: "unforeseen error", severityText: "ERROR" },
      attributes: { operation: "plans.list", requestId: expect.any(String), "exception.message": expect.any(String) },
    });
  });

  test("that asks for what cannot be is no failure, nor is any step of it", async () => {
    const nobody = `key_${"0".repeat(26)}`;
    for (const [path, body, status] of [
      [`/v1/keys/${nobody}`, undefined, 404],
      [`/v1/keys/${nobody}/revoke`, { reason: "unused" }, 404],
    ] as const) {
      const { traceId, header } = newTrace();
      const method = body === undefined ? {} : { method: "POST", body };
      expect((await ask(path, { ...method, traceparent: header })).status).toBe(status);
      const { all } = await received(traceId);
      expect(all.map(({ name }) => name)).toContain("database transaction");
      for (const { name, status: told, attributes } of all) {
        expect({ name, code: told.code ?? 0, "error.type": attributes["error.type"] }).toEqual({ name, code: 0 });
      }
    }
  });

  test("is named by no path that a caller made up, and by no traceparent that is none", async () => {
    for (const traceparent of ["", "00-0-0-00", `00-${"0".repeat(32)}-${"1".repeat(16)}-01`, "x".repeat(5_000)]) {
      await (await ask("/hostile/forged/path?secret=forged", { traceparent })).arrayBuffer();
      await (await ask("/v1/plans", { traceparent })).arrayBuffer();
    }
    await waitFor(async () => receiver.spans().filter(({ name }) => name === "_OTHER unrouted").length >= 4, {
      what: "spans of what no route takes",
    });
    expect(receiver.bodies.join("\n")).not.toMatch(/forged|xxxxx/);
    for (const { traceId, spanId } of receiver.spans())
      expect(`${traceId} ${spanId}`).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
  });

  test("is sent with the headers that were set, as JSON", () => {
    expect(receiver.headers.length).toBeGreaterThan(0);
    for (const headers of receiver.headers) {
      expect(headers).toMatchObject({ "x-tenant": "a b", "content-type": "application/json" });
    }
  });
});

async function readings(signal: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const samples = parseExposition(text).get("claviger_telemetry_total")?.samples ?? [];
  const own = samples.filter(({ labels }) => labels.signal === signal);
  return Object.fromEntries(own.map(({ labels, value }) => [labels.outcome, value]));
}

describe("a receiver", () => {
  test("that refuses, and one that says nothing, hold up no request, and it is told once and counted", async () => {
    const verify = async (): Promise<number> => {
      const response = await ask("/v1/key-format", { traceparent: newTrace().header });
      await response.arrayBuffer();
      return response.status;
    };
    receiver.behave("refuse");
    for (let round = 0; round < 2; round += 1) {
      const { failed: before = 0 } = await readings("traces");
      expect(await verify()).toBe(200);
      await waitFor(async () => ((await readings("traces")).failed ?? 0) > before, { what: "an export that failed" });
    }
    receiver.behave("hang");
    for (let round = 0; round < 60; round += 1) {
      const statuses = await Promise.all(Array.from({ length: 50 }, verify));
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    const hanging = await readings("traces");
    // The queue is full, and a batch is under way: the others were left out.
    const { given = 0, sent = 0, failed = 0, left_out: leftOut = 0 } = hanging;
    expect(leftOut).toBeGreaterThan(0);
    expect(given - sent - failed - leftOut).toBeGreaterThan(2_048);
    expect(given - sent - failed - leftOut).toBeLessThanOrEqual(2_048 + 512);
    receiver.behave("well");
    await waitFor(async () => ((await readings("traces")).sent ?? 0) > (hanging.sent ?? 0), {
      what: "spans sent again",
    });
    const told = (msg: string) =>
      service
        .output()
        .split("\n")
        .filter((line) => line.includes('"signal":"traces"') && line.includes(`"msg":"${msg}"`));
    await waitFor(async () => told("telemetry is sent again").length > 0, { what: "the line of log" });
    expect(told("telemetry cannot be sent, and what does not fit the queue is left out")).toHaveLength(1);
    expect(told("telemetry comes faster than it is sent, and what does not fit the queue is left out")).toEqual([]);
    const again = told("telemetry is sent again").map((line) => JSON.parse(line) as { lost: number });
    const { failed: failedInAll = 0, left_out: leftOutInAll = 0 } = await readings("traces");
    expect(again).toEqual([expect.objectContaining({ lost: failedInAll + leftOutInAll })]);
  }, 60_000);

  test("that rejects a part of what it takes has not been sent it", async () => {
    const before = await readings("traces");
    receiver.behave("reject");
    await (await ask("/v1/key-format", { traceparent: newTrace().header })).arrayBuffer();
    await waitFor(async () => ((await readings("traces")).failed ?? 0) > (before.failed ?? 0), { what: "a rejection" });
    receiver.behave("well");
    await waitFor(() => service.output().includes('"msg":"the receiver of telemetry rejects a part of it"'));
    expect(service.output()).toContain('"message":"one is too old"');
  });
});

/** Addresses of all code that a process of the service ran, from its start to its stop. */
async function loadedBy(
  env: Record<string, string>,
  act: (url: string, key: string) => Promise<void>,
): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "claviger-loaded-"));
  const own = await startService({ database: "shared", env: { ...env, NODE_V8_COVERAGE: directory } });
  await act(own.url, own.managementKey);
  await own.stop();
  const files = await readdir(directory);
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
  await rm(directory, { recursive: true });
  return texts.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url));
}

const SDK = /@opentelemetry\/(sdk|exporter|otlp|resources|core)|open-telemetry\.ts/;

test("where it is off, nothing of the SDK is loaded; where it is on, it is", async () => {
  const off = await loadedBy({}, async (url, key) => {
    const made = await client(url, key).put("/v1/plans/basic", {});
    succeeded(made);
    expect(await (await fetch(`${url}/metrics`)).text()).not.toContain('signal="');
  });
  expect(off.some((url) => url.includes("/packages/server/src/app.ts"))).toBe(true);
  expect(off.filter((url) => SDK.test(url))).toEqual([]);
  const disabled = await loadedBy({ ...settingsFor(receiver), OTEL_SDK_DISABLED: "true" }, async () => undefined);
  expect(disabled.filter((url) => SDK.test(url))).toEqual([]);
  const on = await loadedBy(settingsFor(receiver), async () => undefined);
  expect(on.some((url) => SDK.test(url))).toBe(true);
}, 120_000);

test("a stop sends what waits, and does not wait for a receiver that says nothing", async () => {
  const own = await startReceiver();
  const stopping = await startService({ database: "shared", env: settingsFor(own) });
  const { traceId, header } = newTrace();
  await (await fetch(`${stopping.url}/v1/key-format`, { headers: { traceparent: header } })).arrayBuffer();
  await stopping.stop();
  expect(own.spans().map((span) => span.traceId)).toContain(traceId);
  expect(stopping.output()).not.toContain("telemetry was lost");
  own.behave("hang");
  // An export by itself would take 60 seconds.
  const patient = { ...settingsFor(own), OTEL_EXPORTER_OTLP_TIMEOUT: "60000" };
  const held = await startService({ database: "shared", env: patient });
  await (await fetch(`${held.url}/v1/key-format`)).arrayBuffer();
  const began = systemClock.mono();
  await held.stop();
  expect(systemClock.mono() - began).toBeLessThan(15_000);
  const lost = held
    .output()
    .split("\n")
    .filter((line) => line.includes("telemetry was lost at the stop"));
  expect(lost.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 40, signal: "traces", lost: expect.any(Number) }),
  );
  await own.stop();
}, 120_000);

test("a stop sends all that waits, however much, also while an export is under way", async () => {
  const own = await startReceiver();
  const stopping = await startService({ database: "shared", env: settingsFor(own) });
  const spans = () => own.spans().filter(({ name }) => name === "GET /v1/key-format");
  own.behave("hang");
  // Each with the span of a transaction: 1,800 in all, of which 2,048 may wait.
  for (let round = 0; round < 18; round += 1) {
    const calls = Array.from({ length: 50 }, () => fetch(`${stopping.url}/v1/key-format`));
    for (const call of await Promise.all(calls)) await call.arrayBuffer();
  }
  const stopped = stopping.stop();
  await waitFor(() => spans().length === 900, { timeoutMs: 20_000, what: "all spans" });
  own.behave("well");
  await stopped;
  expect(new Set(spans().map(({ spanId }) => spanId)).size).toBe(900);
  expect(stopping.output()).not.toContain("telemetry was lost");
  await own.stop();
}, 60_000);

test("a start that fails sends what it logged", async () => {
  const own = await startReceiver();
  const failing = serve({
    environment: { ...externalSettings(database), ...settingsFor(own), CLAVIGER_PORT: "0", CLAVIGER_LOG_LEVEL: "info" },
    workingDirectory: tmpdir(),
    print: () => undefined,
    prepare: async ({ logger }) => {
      logger.info({}, "about to fail");
      throw new TypeError("it failed");
    },
    onFatal: () => undefined,
  });
  await expect(failing).rejects.toThrow("it failed");
  expect(own.lines().map(({ body }) => body)).toContain("about to fail");
  await own.stop();
}, 60_000);
