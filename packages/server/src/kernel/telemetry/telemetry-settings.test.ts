import { expect, test } from "vitest";
import { ConfigError, loadConfig } from "../../config.ts";

const read = (env: Record<string, string>) => loadConfig(env, "/srv").telemetry;
const HERE = "http://collector.internal:4318";

test("nothing is sent unless an address or an exporter is set, and nothing where it is switched off", () => {
  expect(read({})).toBeNull();
  expect(read({ OTEL_SERVICE_NAME: "keys" })).toBeNull();
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: "" })).toBeNull();
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: HERE, OTEL_SDK_DISABLED: "TRUE" })).toBeNull();
  expect(
    read({ OTEL_EXPORTER_OTLP_ENDPOINT: HERE, OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }),
  ).toBeNull();
});

test("addresses are made as OpenTelemetry says: a common one is a base, one of a signal is whole", () => {
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${HERE}/otlp/` })).toMatchObject({
    ...{ tracesUrl: `${HERE}/otlp/v1/traces`, logsUrl: `${HERE}/otlp/v1/logs` },
    ...{ service: "claviger", sampler: "parentbased_always_on", ratio: 1, timeoutMs: 10_000, headers: {} },
  });
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: HERE, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${HERE}/in` })).toMatchObject({
    ...{ tracesUrl: `${HERE}/v1/traces`, logsUrl: `${HERE}/in` },
  });
  expect(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: HERE })).toMatchObject({ tracesUrl: HERE, logsUrl: null });
  expect(read({ OTEL_TRACES_EXPORTER: "otlp" })).toMatchObject({
    ...{ tracesUrl: "http://localhost:4318/v1/traces", logsUrl: null },
  });
});

test("lists are percent-decoded", () => {
  const lists = { OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, x=1", OTEL_RESOURCE_ATTRIBUTES: "deployment.a=eu%2C1" };
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: HERE, ...lists })).toMatchObject({
    ...{ headers: { "api-key": "a b", x: "1" }, resource: { "deployment.a": "eu,1" } },
  });
});

test.each([
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:canary@collector"],
  ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
  ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "canary"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a=%canary"],
  ["OTEL_TRACES_EXPORTER", "zipkin"],
  ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
  ["OTEL_TRACES_SAMPLER_ARG", "2"],
  ["OTEL_TRACES_SAMPLER_ARG", "."],
  ["OTEL_SDK_DISABLED", "yes"],
  ["OTEL_SERVICE_NAME", "line\nbreak"],
])("%s=%s stops the start with one line that shows no credential", (name, value) => {
  try {
    read({ [name]: value });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(new RegExp(`^${name}: [^\\n]* is not valid; must be [^\\n]+$`));
    expect((error as ConfigError).message).not.toContain("canary");
    return;
  }
  throw new TypeError(`${name}=${value} was taken`);
});
