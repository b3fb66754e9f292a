/** The guide to observability holds: every field of the log is in it, and the configurations name fields that are written. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Service, startService, type TestDatabase, testDatabase } from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createLogger } from "../packages/server/src/kernel/log.ts";
import { parseExposition } from "../tests/support/exposition.ts";
import { logCalls } from "../tests/support/log-calls.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}/${path}`, "utf8");
const example = (name: string): string => read(`examples/observability/${name}`);
const GUIDE = read("docs/guide/observability.md");
const LOG = GUIDE.slice(GUIDE.indexOf("\n## Log\n"));

/** Fields that the guide has, by name. */
const FIELDS = new Set(
  [...LOG.matchAll(/^\| `(\w+)` \| (?:text|number|list|object) \|/gm)].map(([, name = ""]) => name),
);
/** Written by the logger itself. */
const ALWAYS = ["level", "time", "msg"];
const OF_TRACES = ["trace_id", "span_id", "trace_flags"];
const OF_ERRORS = ["name", "message", "stack", "code"];

/** As `field`, or `error.part`. */
function isField(path: string): boolean {
  const [name = "", part] = path.split(".");
  return FIELDS.has(name) && (part === undefined || (name === "error" && OF_ERRORS.includes(part)));
}

test("every field that the code can write is in the guide, and no other is", () => {
  const calls = logCalls(`${ROOT}/packages/server/src`);
  expect(calls.length).toBeGreaterThan(30);
  const written = new Set([...ALWAYS, ...OF_TRACES, ...calls.flatMap(({ fields }) => fields)]);
  expect([...FIELDS].toSorted()).toEqual([...written].toSorted());
});

test("the fields that the guide says are never shown are not, at any depth it says, and it names them all", () => {
  const named = /Values of the fields ([^*]*) are written as `\*\*\*`/s.exec(LOG)?.[1] ?? "";
  const hidden = [...named.matchAll(/`([\w-]+)`/g)].map(([, name = ""]) => name);
  const own = /SECRET_FIELDS = \[([^\]]*)\]/s.exec(read("packages/server/src/kernel/log.ts"))?.[1] ?? "";
  expect(hidden.toSorted()).toEqual([...own.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name).toSorted());
  const lines: string[] = [];
  const logger = createLogger("info", { also: (line) => void lines.push(line) });
  for (const name of hidden) {
    const secret = { [name]: "canary" };
    logger.info({ ...secret, a: secret, b: { c: secret } }, "a test of what is hidden");
  }
  expect(lines).toHaveLength(hidden.length);
  for (const line of lines) expect(line).not.toContain("canary");
});

test("the line that the guide shows is a line of a log", () => {
  const [, line = ""] = /```json\n(.*)\n```/.exec(LOG) ?? [];
  for (const name of Object.keys(JSON.parse(line) as object)) expect(isField(name), name).toBe(true);
});

interface Elastic {
  readonly processors: readonly {
    readonly date?: { readonly field: string; readonly formats: readonly string[] };
    readonly script?: { readonly params: { readonly levels: Readonly<Record<string, string>> } };
    readonly rename?: { readonly field: string; readonly target_field: string };
    readonly remove?: { readonly field: readonly string[] };
  }[];
}

interface Datadog {
  readonly processors: readonly {
    readonly type: string;
    readonly sources?: readonly string[];
    readonly target?: string;
    readonly categories?: readonly { readonly filter: { readonly query: string } }[];
  }[];
}

const LEVELS = ["20", "30", "40", "50"];

describe("an example names only fields that are written, and every level:", () => {
  test("the ingest pipeline of Elastic, over what Filebeat ships", () => {
    const shipped = parse(example("filebeat.yml")) as {
      readonly "filebeat.inputs": readonly {
        readonly parsers: readonly { readonly ndjson: { readonly target: string } }[];
      }[];
      readonly "output.elasticsearch": { readonly pipeline: string };
    };
    const target = shipped["filebeat.inputs"][0]?.parsers[0]?.ndjson.target;
    expect(GUIDE).toContain(`/_ingest/pipeline/${shipped["output.elasticsearch"].pipeline} `);
    const { processors } = JSON.parse(example("elastic-pipeline.json")) as Elastic;
    const named = processors.flatMap(({ date, rename, remove }) => [
      ...[date?.field, rename?.field].filter((field) => field !== undefined),
      ...(remove?.field ?? []),
    ]);
    expect(named.length).toBeGreaterThan(10);
    for (const field of named) {
      expect(field.startsWith(`${target}.`) && isField(field.slice(`${target}.`.length)), field).toBe(true);
    }
    expect(Object.keys(processors.find(({ script }) => script)?.script?.params.levels ?? {})).toEqual(LEVELS);
    expect(processors.find(({ date }) => date)?.date?.formats).toEqual(["UNIX_MS"]);
  });

  test("the pipeline of Datadog", () => {
    const { processors } = JSON.parse(example("datadog-pipeline.json")) as Datadog;
    const made = new Set(processors.map(({ target }) => target));
    for (const source of processors.flatMap(({ sources = [] }) => sources)) {
      expect(isField(source) || made.has(source), source).toBe(true);
    }
    const queries = processors.flatMap(({ categories = [] }) => categories.map(({ filter }) => filter.query));
    expect(queries).toEqual(LEVELS.map((level) => `@level:${level}`));
    expect(parse(example("datadog-logs.yaml"))).toMatchObject({ logs: [{ type: "file", source: "claviger" }] });
  });

  test("the settings of Splunk", () => {
    const props = stanza(example("splunk-props.conf"), "claviger:json");
    expect(stanza(example("splunk-inputs.conf"), "monitor:///var/log/claviger/*.ndjson").sourcetype).toBe(
      "claviger:json",
    );
    expect([...(props["EVAL-severity"] ?? "").matchAll(/level=(\d+)/g)].map(([, level]) => level)).toEqual(LEVELS);
    for (const [name, value] of Object.entries(props)) {
      if (name.startsWith("FIELDALIAS")) expect(isField(value.split(" AS ")[0] ?? ""), value).toBe(true);
    }
  });
});

/** The settings of one part of a file of Splunk's. */
function stanza(text: string, name: string): Readonly<Record<string, string>> {
  const lines = text.split("\n");
  const from = lines.indexOf(`[${name}]`) + 1;
  expect(from, name).toBeGreaterThan(0);
  const pairs = lines.slice(from).filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(pairs.map((line) => line.split(/ = (.*)/s).slice(0, 2) as [string, string]));
}

describe("a running node", () => {
  let database: TestDatabase;
  let service: Service;
  beforeAll(async () => {
    database = await testDatabase();
    service = await startService({ database, env: { CLAVIGER_LOG_LEVEL: "debug" } });
    const owner = new pg.Client(database.owner);
    await owner.connect();
    await owner.query("ALTER TABLE claviger.plan RENAME TO plan_away");
    const headers = { authorization: `Bearer ${service.managementKey}` };
    expect((await fetch(`${service.url}/v1/plans`, { headers })).status).toBe(500);
    await owner.query("ALTER TABLE claviger.plan_away RENAME TO plan");
    await owner.end();
  }, 60_000);
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  const lines = (): string[] =>
    service
      .output()
      .split("\n")
      .filter((line) => line.startsWith("{"));

  test("writes lines that are JSON and have the fields of the guide, errors only their parts", () => {
    const read = lines().map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(read.map(({ msg }) => msg)).toContain("unforeseen error");
    for (const line of read) {
      for (const name of Object.keys(line)) expect(FIELDS, name).toContain(name);
      for (const name of ALWAYS) expect(line, name).toHaveProperty(name);
      for (const part of Object.keys((line.error ?? {}) as object)) expect(OF_ERRORS).toContain(part);
    }
  });

  test("writes lines that Splunk's settings break and date rightly", () => {
    const props = stanza(example("splunk-props.conf"), "claviger:json");
    const text = `${lines().join("\n")}\n`;
    expect(text.split(new RegExp(props.LINE_BREAKER ?? "")).filter((part) => part.startsWith("{"))).toEqual(lines());
    for (const line of lines()) {
      const [prefix = ""] = new RegExp(props.TIME_PREFIX ?? "").exec(line) ?? [];
      const at = line.slice(line.indexOf(prefix) + prefix.length).slice(0, Number(props.MAX_TIMESTAMP_LOOKAHEAD));
      expect(Number(at)).toBe((JSON.parse(line) as { time: number }).time);
      expect(props.TIME_FORMAT).toBe("%s%3N");
    }
  });

  test("tells the metrics that the Agent of Datadog asks for", async () => {
    const [instance] = (parse(example("datadog-openmetrics.yaml")) as { instances: { metrics: string[] }[] }).instances;
    const told = [...parseExposition(await (await fetch(`${service.url}/metrics`)).text()).keys()];
    for (const metric of instance?.metrics ?? []) {
      expect(
        told.some((name) => new RegExp(metric).test(name)),
        metric,
      ).toBe(true);
    }
  });
});
