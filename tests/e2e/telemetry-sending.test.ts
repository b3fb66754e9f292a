/** How telemetry goes to a receiver: what is set is what is done, and nothing else is read (F7). */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCertificate } from "@claviger/testkit";
import { afterEach, expect, test, vi } from "vitest";
import { loadConfig } from "../../packages/server/src/config.ts";
import { openTelemetry } from "../../packages/server/src/kernel/telemetry/open-telemetry.ts";
import type { Telemetry } from "../../packages/server/src/kernel/tracing.ts";
import { type Receiver, startReceiver } from "../support/otlp-receiver.ts";

const receivers: Receiver[] = [];
const receive = async (...tls: Parameters<typeof startReceiver>): Promise<Receiver> => {
  const receiver = await startReceiver(...tls);
  receivers.push(receiver);
  return receiver;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});

const PREFIX = "OTEL_EXPORTER_OTLP_";
const LIST = { id: "keys.list", method: "GET", path: "/v1/keys" };
const NOTHING = { get: () => null };

function open(env: Record<string, string>, told: string[] = [], errors: Error[] = []): Telemetry {
  const config = loadConfig(env, "/srv").telemetry;
  if (config === null) throw new TypeError("it is off");
  return openTelemetry(config, "1.0.0", (signal, event) => {
    told.push(`${signal} ${event.kind}`);
    if ("error" in event) errors.push(event.error);
  });
}

/** So many spans and one line. */
function fill({ tracing, log }: Telemetry, spans = 1): void {
  for (let n = 0; n < spans; n += 1) tracing?.request(LIST, NOTHING).end(200);
  log?.('{"level":30,"msg":"a line"}');
}

test("headers of a signal go with it alone, and those for all do not", async () => {
  const [traces, logs] = [await receive(), await receive()];
  const env = {
    ...{ [`${PREFIX}ENDPOINT`]: logs.url, [`${PREFIX}TRACES_ENDPOINT`]: `${traces.url}/v1/traces?token=a` },
    ...{ [`${PREFIX}HEADERS`]: "authorization=common,x-all=1", [`${PREFIX}TRACES_HEADERS`]: "Authorization=own" },
    OTEL_RESOURCE_ATTRIBUTES: "service.name=from%20attributes,service.version=0",
  };
  // What reads the environment of the process by itself would find more there.
  for (const [name, value] of Object.entries({ ...env, [`${PREFIX}LOGS_HEADERS`]: "x-else=1" }))
    vi.stubEnv(name, value);
  const telemetry = open(env);
  fill(telemetry);
  await telemetry.stop();
  expect(traces.bodies.map((body) => body.split("\n")[0])).toEqual(["/v1/traces?token=a"]);
  expect(traces.headers).toMatchObject([{ authorization: "own", "content-type": "application/json" }]);
  expect(traces.headers[0]).not.toHaveProperty("x-all");
  expect(logs.headers).toMatchObject([{ authorization: "common", "x-all": "1" }]);
  expect(logs.headers[0]).not.toHaveProperty("x-else");
  expect(logs.bodies[0]).toContain('"from attributes"');
  expect(logs.bodies[0]).toContain('"1.0.0"');
});

test("it is compressed where that is asked for", async () => {
  const receiver = await receive();
  const telemetry = open({ [`${PREFIX}ENDPOINT`]: receiver.url, [`${PREFIX}TRACES_COMPRESSION`]: "gzip" });
  fill(telemetry);
  await telemetry.stop();
  expect(receiver.spans()).toMatchObject([{ name: "GET /v1/keys" }]);
  expect(receiver.lines()).toMatchObject([{ body: "a line" }]);
  expect(receiver.headers.map((headers) => headers["content-encoding"]).toSorted()).toEqual(["gzip", undefined]);
});

test("by TLS it trusts whom it is told to, and shows its own certificate", async () => {
  const directory = await mkdtemp(join(tmpdir(), "claviger-otlp-"));
  const [server, own] = [testCertificate(), testCertificate()];
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  const receiver = await receive({ cert: server.certificate, key: server.key, ca: own.certificate });
  const trusting = {
    [`${PREFIX}ENDPOINT`]: receiver.url,
    [`${PREFIX}CERTIFICATE`]: await file("ca", server.certificate),
  };
  const showing = {
    [`${PREFIX}CLIENT_CERTIFICATE`]: await file("certificate", own.certificate),
    [`${PREFIX}CLIENT_KEY`]: await file("key", own.key),
  };
  for (const env of [{ ...trusting, ...showing }, trusting, { ...showing, [`${PREFIX}ENDPOINT`]: receiver.url }]) {
    const telemetry = open({ ...env, OTEL_LOGS_EXPORTER: "none" });
    fill(telemetry);
    await telemetry.stop();
    const { traces } = telemetry.readings();
    const arrives = env === trusting || !(`${PREFIX}CERTIFICATE` in env) ? 0 : 1;
    expect(traces).toEqual({ given: 1, sent: arrives, failed: 1 - arrives, leftOut: 0 });
  }
  expect(receiver.spans()).toHaveLength(1);
  await rm(directory, { recursive: true });
});

test("a stop sends all that waits, and counts what a receiver rejected as not sent", async () => {
  const receiver = await receive();
  const told: string[] = [];
  const telemetry = open({ [`${PREFIX}ENDPOINT`]: receiver.url }, told);
  fill(telemetry, 2_500);
  receiver.behave("reject");
  await telemetry.stop();
  expect(receiver.spans()).toHaveLength(2_500);
  expect(telemetry.readings()).toEqual({
    traces: { given: 2_500, sent: 2_495, failed: 5, leftOut: 0 },
    logs: { given: 1, sent: 0, failed: 1, leftOut: 0 },
  });
  expect(told.toSorted()).toEqual(["logs rejected", "logs stopped", "traces rejected", "traces stopped"]);
});

test("no error shows what is secret of where it goes", async () => {
  const receiver = await receive();
  receiver.behave("refuse");
  const secret = { [`${PREFIX}HEADERS`]: "authorization=canary", [`${PREFIX}TIMEOUT`]: "100" };
  for (const url of [
    receiver.url,
    "http://127.0.0.1:1",
    "https://127.0.0.1:1",
    receiver.url.replace("http", "https"),
  ]) {
    const errors: Error[] = [];
    const env = { ...secret, [`${PREFIX}TRACES_ENDPOINT`]: `${url}/in?token=canary` };
    const telemetry = open(env, [], errors);
    fill(telemetry);
    await telemetry.stop();
    expect(errors, url).toHaveLength(1);
    expect(`${errors[0]?.message} ${errors[0]?.stack}`).not.toContain("canary");
  }
});

test("what was left out by the sampler is not given", async () => {
  const receiver = await receive();
  const telemetry = open({ [`${PREFIX}ENDPOINT`]: receiver.url, OTEL_TRACES_SAMPLER: "always_off" });
  fill(telemetry, 10);
  await telemetry.stop();
  expect(telemetry.readings()).toMatchObject({ traces: { given: 0 }, logs: { given: 1, sent: 1 } });
});
