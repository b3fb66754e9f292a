import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCertificate } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, loadConfig } from "../../config.ts";

const read = (env: Record<string, string>) => loadConfig(env, "/srv").telemetry;
const HERE = "http://collector.internal:4318";
const ON = { OTEL_EXPORTER_OTLP_ENDPOINT: HERE };

let directory: string;
const { certificate, key } = testCertificate();
const file = (name: string): string => join(directory, name);
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "claviger-telemetry-"));
  writeFileSync(file("certificate.pem"), certificate);
  writeFileSync(file("key.pem"), key);
  writeFileSync(file("empty.pem"), "");
});
afterAll(() => rmSync(directory, { recursive: true }));

test("nothing is sent unless an address or an exporter is set, and nothing where it is switched off", () => {
  expect(read({})).toBeNull();
  expect(read({ OTEL_SERVICE_NAME: "keys" })).toBeNull();
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: "" })).toBeNull();
  expect(read({ ...ON, OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" })).toBeNull();
});

test("switched off, it is so whatever else is set, also what would be refused", () => {
  const wrong = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_INSECURE: "true" };
  expect(read({ ...ON, ...wrong, OTEL_SDK_DISABLED: "TRUE" })).toBeNull();
});

test("addresses are made as OpenTelemetry says: a common one is a base, one of a signal is whole", () => {
  const defaults = { timeoutMs: 10_000, headers: {}, compression: "none", tls: {} };
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${HERE}/otlp/` })).toEqual({
    traces: { url: `${HERE}/otlp/v1/traces`, ...defaults },
    logs: { url: `${HERE}/otlp/v1/logs`, ...defaults },
    ...{ service: "claviger", resource: {}, sampler: "parentbased_always_on", ratio: 1 },
  });
  expect(read({ ...ON, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${HERE}/in?token=canary` })).toMatchObject({
    ...{ traces: { url: `${HERE}/v1/traces` }, logs: { url: `${HERE}/in?token=canary` } },
  });
  expect(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: HERE })).toMatchObject({ traces: { url: HERE }, logs: null });
  expect(read({ OTEL_TRACES_EXPORTER: "otlp" })).toMatchObject({
    ...{ traces: { url: "http://localhost:4318/v1/traces" }, logs: null },
  });
});

test("lists are percent-decoded", () => {
  const lists = { OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, X=1=", OTEL_RESOURCE_ATTRIBUTES: "deployment.a=eu%2C1" };
  expect(read({ ...ON, ...lists })).toMatchObject({
    ...{ traces: { headers: { "api-key": "a b", x: "1=" } }, resource: { "deployment.a": "eu,1" } },
  });
});

test("what is set for a signal stands instead of what is set for all, headers as a whole", () => {
  const prefix = "OTEL_EXPORTER_OTLP_";
  const common = {
    HEADERS: "authorization=common,x=1",
    TIMEOUT: "2000",
    COMPRESSION: "gzip",
    CERTIFICATE: file("key.pem"),
  };
  const own = {
    HEADERS: "Authorization=own",
    TIMEOUT: "3000",
    COMPRESSION: "none",
    CERTIFICATE: file("certificate.pem"),
  };
  const named = (options: object, signal = "") =>
    Object.fromEntries(
      Object.entries(options).map(([option, value]) => [`${prefix}${signal}${option}`, String(value)]),
    );
  expect(read({ ...ON, ...named(common), ...named(own, "TRACES_") })).toMatchObject({
    traces: { headers: { authorization: "own" }, timeoutMs: 3_000, compression: "none", tls: { ca: certificate } },
    logs: {
      ...{ headers: { authorization: "common", x: "1" }, timeoutMs: 2_000, compression: "gzip", tls: { ca: key } },
    },
  });
  expect(read({ ...ON, ...named(common), ...named(own, "TRACES_") })?.traces?.headers).toEqual({
    authorization: "own",
  });
});

test("service.name is OTEL_SERVICE_NAME, else what the attributes say, else claviger", () => {
  const attributes = { OTEL_RESOURCE_ATTRIBUTES: "service.name=from%20attributes,a=b" };
  expect(read({ ...ON, ...attributes })?.service).toBe("from attributes");
  expect(read({ ...ON, ...attributes, OTEL_SERVICE_NAME: "own" })?.service).toBe("own");
  expect(read({ ...ON, OTEL_RESOURCE_ATTRIBUTES: "a=b" })?.service).toBe("claviger");
});

describe("what cannot work stops the start", () => {
  const failure = (env: Record<string, string>): string => {
    try {
      read(env);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as ConfigError).message;
    }
    throw new TypeError(`${JSON.stringify(env)} was taken`);
  };

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http:collector"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:canary@collector"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:canary/1@collector"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://collector/?token=canary"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector/?token=canary"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector?"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector#"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector/a\nb"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", `http://collector/${"a".repeat(2_000)}`],
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "//user:canary@collector?token=canary"],
    ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://collector?token=canary#"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
    ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"],
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s"],
    ["OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "99"],
    ["OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "canary"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=%canary"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=canary%0Ab"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=canary%00"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=canary%C3%BC"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "Content-Length=1"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a b=canary"],
    ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "a=canary%7F"],
    ["OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere.pem"],
    ["OTEL_TRACES_EXPORTER", "zipkin"],
    ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
    ["OTEL_TRACES_SAMPLER_ARG", "2"],
    ["OTEL_TRACES_SAMPLER_ARG", "."],
    ["OTEL_SDK_DISABLED", "yes"],
    ["OTEL_SERVICE_NAME", "line\nbreak"],
    ["OTEL_RESOURCE_ATTRIBUTES", "service.name="],
    ["OTEL_RESOURCE_ATTRIBUTES", "service.name=line%0Abreak"],
    ["OTEL_RESOURCE_ATTRIBUTES", "a=b%00"],
  ])("%s=%s, with one line that shows no credential", (name, value) => {
    const message = failure({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name}: [^\\n]* is not valid; must be [^\\n]+$`));
    expect(message).not.toContain("canary");
  });

  test("a certificate without its key, and a file that is no certificate", () => {
    const own = { ...ON, OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file("certificate.pem") };
    expect(failure(own)).toMatch(/^OTEL_EXPORTER_OTLP_CLIENT_KEY: .* must be a file of PEM/);
    expect(failure({ ...ON, OTEL_EXPORTER_OTLP_CLIENT_KEY: file("key.pem") })).toMatch(
      /^OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: .* must be a file of PEM/,
    );
    expect(failure({ ...ON, OTEL_EXPORTER_OTLP_CERTIFICATE: file("empty.pem") })).toMatch(/must be a file of PEM/);
    const both = { ...own, OTEL_EXPORTER_OTLP_CLIENT_KEY: file("key.pem") };
    expect(read(both)?.logs?.tls).toEqual({ cert: certificate, key });
  });

  test.each(["INSECURE", "SPAN_INSECURE", "TRACES_INSECURE", "ENDPIONT", "TIMEOUT_FILE", "METRIC_ENDPOINT"])(
    "a variable of the exporter that is not read: %s",
    (name) => {
      const message = `OTEL_EXPORTER_OTLP_${name}: is not supported; must not be set`;
      expect(failure({ [`OTEL_EXPORTER_OTLP_${name}`]: "canary" })).toBe(message);
      expect(read({ [`OTEL_EXPORTER_OTLP_${name}`]: " " })).toBeNull();
    },
  );

  test("but for those of signals that are not sent, which are for other programs", () => {
    const others = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: HERE, OTEL_EXPORTER_OTLP_PROFILES_INSECURE: "true" };
    expect(read(others)).toBeNull();
    expect(read({ ...ON, ...others })).not.toBeNull();
  });
});

test("addresses and headers may come from files", () => {
  writeFileSync(file("endpoint"), `${HERE}/in?token=canary\n`);
  writeFileSync(file("headers"), "authorization=Bearer%20canary\n");
  const files = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT_FILE: file("endpoint"),
    OTEL_EXPORTER_OTLP_TRACES_HEADERS_FILE: file("headers"),
  };
  expect(read(files)?.traces).toMatchObject({
    ...{ url: `${HERE}/in?token=canary`, headers: { authorization: "Bearer canary" } },
  });
});
