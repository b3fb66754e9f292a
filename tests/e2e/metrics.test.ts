/** Metrics: what is told is written down and the other way round, no caller makes series, and dashboard and rules ask for what there is. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { issueKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { openStage, type Stage } from "../support/client.ts";
import { askedBy, type Family, familyOf, parseExposition } from "../support/exposition.ts";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(at(path), "utf8");

let stage: Stage;
let secret = "";
beforeAll(async () => {
  stage = await openStage();
  const key = await issueKey(stage.root, stage.account.id);
  secret = key.secret;
  const other = await issueKey(stage.root, stage.account.id);
  succeeded(await stage.root.post("/v1/verify", { key: other.secret, environment: "live" }));
  succeeded(await stage.root.post(`/v1/keys/${other.id}/revoke`, { reason: "unused" }));
});
afterAll(() => stage.app.stop());

const scrape = async (): Promise<string> => (await fetch(`${stage.app.url}/metrics`)).text();
const families = async (): Promise<ReadonlyMap<string, Family>> => parseExposition(await scrape());

interface Written {
  readonly kind: string;
  readonly labels: readonly string[];
}

/** The rows of the tables in the guide, by metric. */
function written(): ReadonlyMap<string, Written> {
  const rows = read("docs/guide/observability.md").matchAll(/^\| `([a-z0-9_]+)` \| (\w+) \| ([^|]*) \| [^|]+ \|$/gm);
  return new Map(
    [...rows].map(([, name = "", kind = "", labels = ""]) => [
      name,
      { kind, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label) },
    ]),
  );
}

test("every metric of a running node is in the guide, with its kind and labels, and no other is", async () => {
  const told = await families();
  const table = written();
  expect([...told.keys()].toSorted()).toEqual([...table.keys()].toSorted());
  for (const [name, { kind, samples }] of told) {
    expect(kind, name).toBe(table.get(name)?.kind);
    for (const { labels } of samples) {
      const own = Object.keys(labels).filter((label) => label !== "le");
      expect(own.toSorted(), name).toEqual(table.get(name)?.labels.toSorted());
    }
  }
});

/** Requests with all that a caller may choose made up, so many of each kind, and each with `word` in it. */
async function hostile(word: string, count: number): Promise<void> {
  const ask = async (path: string, init: RequestInit = {}): Promise<void> => {
    await (await fetch(`${stage.app.url}${path}`, init)).arrayBuffer();
  };
  const json = { "content-type": "application/json", authorization: `Bearer ${stage.app.managementKey}` };
  const verify = (n: number) => ({
    ...{ key: secret, environment: "live", method: `${word}${n}`, path: `/${word}/${n}`, userAgent: `${word}/${n}` },
    ...{ ip: `198.51.${n >> 8}.${n & 255}`, requestId: `${word}${n}`, service: `${word}${n}` },
  });
  for (let n = 0; n < count; n += 1) {
    const name = `${word}${n}`;
    const calls = [
      ask(`/${name}`),
      ask(`/v1/keys/${name}?${name}=1`, { headers: { authorization: `Bearer ${name}` } }),
      ask(`/v1/accounts/${name}/members`, { headers: json }),
      ask(`/docs/${name}`),
      ask(`/v1/authorize/${name}`, { headers: { "claviger-credential": name, "x-forwarded-method": name } }),
      ask(`/v1/keys`, { method: name.replaceAll(/\d/g, "X") }),
      ask(`/v1/verify`, { method: "POST", headers: json, body: JSON.stringify(verify(n)) }),
      ask(`/v1/verify`, { method: "POST", headers: json, body: JSON.stringify({ key: name, environment: name }) }),
      ask(`/metrics?${name}`, { headers: { host: name, traceparent: name, "x-forwarded-for": name } }),
    ];
    await Promise.all(calls);
  }
}

test("no caller can make the number of series grow, and no label says what one sent, or names a key or account", async () => {
  const ours = async (): Promise<string[]> => {
    const own = [...(await families())].filter(([name]) => !/^(nodejs|process)_/.test(name));
    return own.flatMap(([, { samples }]) => samples.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`));
  };
  await hostile("erstwhile", 20);
  const before = new Set(await ours());
  await hostile("hitherto", 200);
  const after = await ours();
  expect(after.filter((series) => !before.has(series))).toEqual([]);
  expect(after.length).toBe(new Set(after).size);
  const text = await scrape();
  for (const word of ["erstwhile", "hitherto", secret, stage.account.id, stage.app.managementKey]) {
    expect(text.toLowerCase()).not.toContain(word.toLowerCase());
  }
  expect(text).not.toMatch(/(key|acct|mem|svc|evt)_[0-9A-Z]{26}/);
});

/** Labels that a scrape adds. */
const SCRAPED = new Set(["instance", "job", "le"]);

async function expectKnown(expressions: readonly string[]): Promise<void> {
  const told = await families();
  const table = written();
  const known = new Set([...told].flatMap(([name, { samples }]) => [name, ...samples.map((sample) => sample.name)]));
  for (const expression of expressions) {
    const { metrics, groups } = askedBy(expression);
    expect(metrics.length, expression).toBeGreaterThan(0);
    for (const { name, labels } of metrics) {
      if (name === "up") continue;
      const family = familyOf(name);
      const histogram = table.get(family)?.kind === "histogram";
      expect(histogram ? family !== name : known.has(name), `${name} in ${expression}`).toBe(true);
      const own = table.get(histogram ? family : name)?.labels ?? [];
      for (const label of [...labels, ...groups]) {
        expect(SCRAPED.has(label) || own.includes(label), `${label} of ${name} in ${expression}`).toBe(true);
      }
    }
  }
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: string }[];
    }[];
  };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

test("each panel of the dashboard asks for metrics and labels that a node tells", async () => {
  const { panels } = JSON.parse(read("examples/observability/grafana-dashboard.json")) as { panels: Panel[] };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(expressions.length).toBeGreaterThan(40);
  await expectKnown(expressions);
  for (const { title, type, targets } of panels) if (type !== "row") expect(targets?.length, title).toBeGreaterThan(0);
  expect(new Set(panels.map(({ gridPos }) => `${gridPos.x} ${gridPos.y}`)).size).toBe(panels.length);
  for (const { title, gridPos } of panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
});

/** The units of Grafana in which an expression may be shown. */
function unitsOf(expression: string): readonly string[] {
  const { metrics } = askedBy(expression);
  if (/\) \/ \(|\} \/ /.test(expression)) return ["percentunit"];
  const [name = ""] = metrics.map((metric) => familyOf(metric.name));
  const isQuantile = expression.startsWith("histogram_quantile(");
  // Seconds of CPU in a second are a share of a core.
  if (/\brate\(/.test(expression) && !isQuantile)
    return name.endsWith("_seconds_total") ? ["percentunit"] : ["reqps", "ops"];
  if (/\bincrease\(/.test(expression)) return ["short"];
  if (name.endsWith("_seconds") && (isQuantile || written().get(name)?.kind === "gauge")) return ["s"];
  return name.endsWith("_bytes") ? ["bytes"] : ["short"];
}

test("each number on the dashboard is shown in its own unit, also where a panel shows two kinds", () => {
  const { panels } = JSON.parse(read("examples/observability/grafana-dashboard.json")) as { panels: Panel[] };
  for (const { title, targets = [], fieldConfig } of panels) {
    for (const { refId, expr } of targets) {
      const own = fieldConfig?.overrides.find(
        ({ matcher }) => matcher.id === "byFrameRefID" && matcher.options === refId,
      );
      const unit = own?.properties.find(({ id }) => id === "unit")?.value ?? fieldConfig?.defaults.unit;
      expect(unitsOf(expr), `${title} ${refId}: ${expr}`).toContain(unit);
    }
  }
  expect(unitsOf("rate(process_cpu_seconds_total[1m])")).toEqual(["percentunit"]);
  expect(unitsOf("max(claviger_barriers)")).toEqual(["short"]);
  expect(unitsOf("claviger_lease_seconds")).toEqual(["s"]);
});

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly action: string };
    }[];
  }[];
}

test("each alerting rule asks for metrics and labels that a node tells, and says what to do", async () => {
  const { groups } = parse(read("examples/observability/alerts.yml")) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  await expectKnown(rules.map(({ expr }) => expr));
  for (const { alert, labels, annotations } of rules) {
    expect(["page", "ticket"], alert).toContain(labels.severity);
    expect(annotations.summary.length * annotations.action.length, alert).toBeGreaterThan(0);
    expect(read("docs/guide/observability.md"), alert).toContain(`\`${alert}\``);
  }
});

test("a metric or label that there is not is found in an expression", async () => {
  for (const wrong of [
    "sum(rate(claviger_nothing_total[5m]))",
    'claviger_nodes{key="x"}',
    "sum by (key) (claviger_verifications_total)",
    "rate(claviger_barrier_wait_seconds[5m])",
  ]) {
    await expect(expectKnown([wrong]), wrong).rejects.toThrow();
  }
});
