/** Each alerting rule fires where it must and is quiet where it must, on what a node tells when it is scraped. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ClavigerError } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createMetrics, type Metrics, type NodeReading } from "../../packages/server/src/kernel/metrics.ts";
import { parseExposition } from "../support/exposition.ts";
import { firingAt, type Rule, Scraped, secondsOf } from "../support/promql.ts";

const read = <T>(name: string): T =>
  parse(readFileSync(fileURLToPath(new URL(`../../examples/observability/${name}`, import.meta.url)), "utf8")) as T;
const { groups } = read<{ groups: { rules: (Rule & { alert: string })[] }[] }>("alerts.yml");
const rules = new Map(groups.flatMap((group) => group.rules).map((rule) => [rule.alert, rule]));
const prometheus = read<{
  global: { scrape_interval: string; evaluation_interval?: string };
  scrape_configs: { job_name: string }[];
}>("prometheus.yml");

const SCRAPE_S = secondsOf(prometheus.global.scrape_interval);
/** One minute is what Prometheus does by itself. */
const EVERY_S = secondsOf(prometheus.global.evaluation_interval ?? "1m");
const HOUR_S = 3_600;
/** When something happens: no rule knows more of what was before. */
const BEGIN_S = 1_200;

/** A node, and what else is scraped of it. */
interface Node {
  readonly metrics: Metrics;
  readonly reading: NodeReading;
  /** Whether it answers. */
  readonly up: boolean;
  /** Of the pool of connections, and of the process. */
  readonly waiting: number;
  readonly eventLoopS: number;
}

/** What happens before each scrape; seconds since the beginning. */
type Course = (node: Node, at: number) => unknown;

async function scrapes(course: Course): Promise<Scraped> {
  const reading: NodeReading = {
    ...{ leaseMsLeft: 4_000, lagSeq: 0, nodes: 2, barriers: 0, lapses: 0, connections: 0, sessions: 0 },
    limits: {
      ...{ store: "redis/16", silentParts: 0, settled: true, lostRecords: 0, borrowers: 0 },
      errors: { shares: 0, blocks: 0, lent: 0 },
    },
    ...{ memory: { size: 0, bytes: 0 }, usage: { waitingBytes: 0, lost: 0 } },
  };
  const metrics = createMetrics(() => reading, { ownProcess: false });
  const node: Node = { metrics, reading, up: true, waiting: 0, eventLoopS: 0.01 };
  const data = new Scraped();
  const [job] = prometheus.scrape_configs;
  const target = { instance: "node-1.internal:4700", job: job?.job_name ?? "" };
  for (let at = 0; at <= HOUR_S; at += SCRAPE_S) {
    course(node, at);
    // What was told to promises is counted in a later turn.
    await new Promise(setImmediate);
    const families = node.up ? [...parseExposition(await metrics.render()).values()] : [];
    const own = families.flatMap(({ samples }) => samples);
    const gauges = { claviger_database_waiting: node.waiting, nodejs_eventloop_lag_p99_seconds: node.eventLoopS };
    const others = Object.entries(node.up ? gauges : {}).map(([name, value]) => ({ name, labels: {}, value }));
    data.add(at, [...own, ...others, { name: "up", labels: {}, value: node.up ? 1 : 0 }], target);
  }
  return data;
}

const KEYS = { id: "keys.list", method: "GET", path: "/v1/keys" };
const revoked = ({ metrics }: Node, waitedMs: number): void => {
  const effective = { everywhere: true, seq: 1, waitedMs, nodes: 2, verifiers: 0, lapsed: [] };
  void metrics.waited(Promise.resolve(effective));
};
const unconfirmed = ({ metrics }: Node): void => {
  metrics.waited(Promise.reject(new ClavigerError("BARRIER_UNCONFIRMED"))).catch(() => undefined);
};

const from =
  (happens: Course): Course =>
  (node, at) => {
    if (at >= BEGIN_S) happens(node, at);
  };
const once =
  (happens: Course): Course =>
  (node, at) => {
    if (at === BEGIN_S) happens(node, at);
  };
const every =
  (seconds: number, happens: Course): Course =>
  (node, at) => {
    if (at >= BEGIN_S && (at - BEGIN_S) % seconds === 0) happens(node, at);
  };
/** For so long from the beginning. */
const during =
  (seconds: number, happens: (node: Node, isSo: boolean) => unknown): Course =>
  (node, at) =>
    happens(node, at >= BEGIN_S && at < BEGIN_S + seconds);

interface Cases {
  readonly fires: Readonly<Record<string, Course>>;
  readonly quiet: Readonly<Record<string, Course>>;
}

const CASES: Readonly<Record<string, Cases>> = {
  ClavigerNodeDown: {
    fires: { "a node that does not answer": from((node) => Object.assign(node, { up: false })) },
    quiet: { "a restart of half a minute": during(30, (node, isSo) => Object.assign(node, { up: !isSo })) },
  },
  ClavigerNoLease: {
    fires: { "a node without a lease": from(({ reading }) => Object.assign(reading, { leaseMsLeft: 0 })) },
    quiet: { "a lease that is nearly over": from(({ reading }) => Object.assign(reading, { leaseMsLeft: 20 })) },
  },
  ClavigerRefusesForItself: {
    fires: {
      "refusals at all times": from(({ metrics }) => metrics.verified("UNAVAILABLE", "memory")),
      "the first that there ever were, all at once": once(({ metrics }) => {
        for (let n = 0; n < 50; n += 1) metrics.verified("UNAVAILABLE", null);
      }),
    },
    quiet: {
      "refusals for what keys are": from(({ metrics }) => {
        for (const code of ["VALID", "REVOKED", "RATE_LIMITED", "NOT_FOUND"]) metrics.verified(code, "memory");
      }),
    },
  },
  ClavigerRevocationUnconfirmed: {
    fires: { "one that is not confirmed": once(unconfirmed) },
    quiet: { "slow ones that are": every(60, (node) => revoked(node, 20_000)) },
  },
  ClavigerRevocationSlow: {
    fires: {
      "a slow one every twenty minutes": every(1_200, (node) => revoked(node, 5_000)),
      "slow ones every minute": every(60, (node) => revoked(node, 4_000)),
    },
    quiet: {
      "fast ones": every(60, (node) => revoked(node, 40)),
      "one slow one among many": every(15, (node, at) => revoked(node, at === BEGIN_S + 600 ? 5_000 : 2_000)),
    },
  },
  ClavigerBehind: {
    fires: { "changes that wait": from(({ reading }) => Object.assign(reading, { lagSeq: 3 })) },
    quiet: {
      "changes that waited for half a minute": during(30, ({ reading }, isSo) =>
        Object.assign(reading, { lagSeq: isSo ? 9 : 0 }),
      ),
    },
  },
  ClavigerUsageLost: {
    fires: {
      "one use that could not be noted": once(({ reading }) => Object.assign(reading.usage, { lost: 1 })),
      "a batch that was not taken": once(({ metrics }) => metrics.usage.refused(1)),
    },
    quiet: {
      "details that were left out": every(60, ({ metrics, reading }) => {
        metrics.usage.leftOut(5);
        metrics.usage.written(1, { requests: 9, events: 1, cellsRefused: 1, strangers: 2 });
        Object.assign(reading.usage, { waitingBytes: 1e6 });
      }),
    },
  },
  ClavigerLimitsUnsettled: {
    fires: {
      "a store that misses something": from(({ reading }) => Object.assign(reading.limits, { settled: false })),
      "a part that says nothing": from(({ reading }) => Object.assign(reading.limits, { silentParts: 1 })),
    },
    quiet: {
      "a store that misses something for a minute": during(60, ({ reading }, isSo) =>
        Object.assign(reading.limits, { settled: !isSo }),
      ),
      "limits in PostgreSQL": from(({ reading }) => Object.assign(reading.limits, { store: "postgresql" })),
    },
  },
  ClavigerDatabaseQueue: {
    fires: { "a queue that stays": from((node) => Object.assign(node, { waiting: 4 })) },
    quiet: { "a queue of three minutes": during(180, (node, isSo) => Object.assign(node, { waiting: isSo ? 40 : 0 })) },
  },
  ClavigerEventLoopSlow: {
    fires: { "an event loop that stays late": from((node) => Object.assign(node, { eventLoopS: 0.4 })) },
    quiet: {
      "one that is late for eight minutes": during(480, (node, isSo) =>
        Object.assign(node, { eventLoopS: isSo ? 2 : 0.01 }),
      ),
      "one that is a little late": from((node) => Object.assign(node, { eventLoopS: 0.2 })),
    },
  },
  ClavigerServerErrors: {
    fires: {
      "the first error that there ever was": once(({ metrics }) => metrics.answered(KEYS, 500, 3)),
      "an error now and then": every(600, ({ metrics }) => metrics.answered(KEYS, 500, 3)),
    },
    quiet: {
      "answers that were foreseen": from(({ metrics }) => {
        for (const status of [200, 400, 404, 429, 503]) metrics.answered(KEYS, status, 3);
      }),
    },
  },
};

test("every rule has cases, and no other", () => {
  expect([...rules.keys()].toSorted()).toEqual(Object.keys(CASES).toSorted());
});

describe.each(Object.entries(CASES))("%s", (alert, { fires, quiet }) => {
  const firing = async (course: Course): Promise<number[]> => {
    const rule = rules.get(alert);
    if (rule === undefined) throw new TypeError(`there is no rule ${alert}`);
    return firingAt(rule, await scrapes(course), { until: HOUR_S, everyS: EVERY_S });
  };

  test.each(Object.entries(fires))("fires for %s, and not before", async (_, course) => {
    const when = await firing(course);
    expect(when.length).toBeGreaterThan(0);
    expect(when[0]).toBeGreaterThanOrEqual(BEGIN_S);
    expect(when[0], "within a quarter of an hour").toBeLessThanOrEqual(BEGIN_S + 900);
  });

  test.each(Object.entries({ "a node that is well": () => undefined, ...quiet }))(
    "is quiet for %s",
    async (_, course) => {
      expect(await firing(course)).toEqual([]);
    },
  );
});
