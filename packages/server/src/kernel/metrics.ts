import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Effective } from "./act.ts";
import { createHookMetrics, type HookMetrics } from "./hook-metrics.ts";
import { type Answered, createHttpMetrics } from "./http-metrics.ts";
import { addLimitMetrics, type LimitReading } from "./limit-metrics.ts";
import { createNoticeMetrics, type NoticeMetrics } from "./notice-metrics.ts";
import { createStoreMetrics, type StoreMetrics } from "./store-metrics.ts";
import { addTelemetryMetrics } from "./telemetry-metrics.ts";
import { NO_TELEMETRY, type Telemetry } from "./tracing.ts";
import { createUsageMetrics, type UsageMetrics, type UsageReading } from "./usage-metrics.ts";
import { createVerifierMetrics, type VerifierMetrics, type VerifierReading } from "./verifier-metrics.ts";

/** Numbers for Prometheus. Labels are bounded: operations, statuses and codes, never a key, an account or an address. */
export interface Metrics {
  /** `from`: whether memory held the key, or the database had to be asked; null where neither was. */
  verified(code: string, from: "memory" | "database" | null): void;
  readonly answered: Answered;
  /** Watches the wait of one act that takes something away; settles as `waiting` does. */
  waited(waiting: Promise<Effective>): Promise<Effective>;
  readonly verifiers: VerifierMetrics;
  readonly usage: UsageMetrics;
  readonly notices: NoticeMetrics;
  readonly hook: HookMetrics;
  readonly stores: StoreMetrics;
  /** The text that Prometheus reads. */
  render(): Promise<string>;
}

/** How this node stands in its cluster. */
export interface NodeReading extends VerifierReading {
  readonly leaseMsLeft: number;
  readonly lagSeq: number;
  readonly nodes: number;
  /** Acts that wait now. */
  readonly barriers: number;
  /** Times this node was without a valid lease after it had had one. */
  readonly lapses: number;
  /** Keys and management keys in memory, and bytes that they take. */
  readonly memory: { readonly size: number; readonly bytes: number };
  readonly limits: LimitReading;
  readonly usage: UsageReading;
}

/** Seconds: from what a healthy cluster takes to what dead nodes cost. */
const WAITS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25];

export interface MetricsOptions {
  /** Whether memory, CPU and event loop of the process are this node's to tell of; default true. */
  readonly ownProcess?: boolean;
  /** Told of beside what is made here. */
  readonly also?: Registry;
  /** Of what is sent by OpenTelemetry; default nothing. */
  readonly telemetry?: Telemetry["readings"];
  /** Version of the software; default none. */
  readonly version?: string;
}

/** `read` is asked at each scrape. */
export function createMetrics(
  read: () => NodeReading,
  { ownProcess = true, also, telemetry = NO_TELEMETRY.readings, version = "none" }: MetricsOptions = {},
): Metrics {
  const registry = new Registry();
  if (ownProcess) collectDefaultMetrics({ register: registry });
  addReadings(registry, read);
  addVersion(registry, version);
  addTelemetryMetrics(registry, telemetry);
  addLimitMetrics(registry, () => read().limits);
  return {
    verified: countVerdicts(registry),
    answered: createHttpMetrics(registry),
    waited: watchWaits(registry),
    verifiers: createVerifierMetrics(registry, read),
    usage: createUsageMetrics(registry, () => read().usage),
    notices: createNoticeMetrics(registry),
    hook: createHookMetrics(registry),
    stores: createStoreMetrics(registry),
    render: async () => `${await registry.metrics()}\n${(await also?.metrics()) ?? ""}`,
  };
}

/** Counted in a map, which costs a verification less than a labelled counter would. */
function countVerdicts(registry: Registry): Metrics["verified"] {
  // From 0, so that the first of what somebody is woken for is seen as a rise.
  const counts = new Map<string, number>([["UNAVAILABLE", 0]]);
  new Counter({
    ...{ name: "claviger_verifications_total", help: "Verdicts by code", registers: [registry] },
    labelNames: ["code"],
    collect() {
      this.reset();
      for (const [code, count] of counts) this.inc({ code }, count);
    },
  });
  const looked = { memory: 0, database: 0 };
  const total = (name: string, help: string, from: keyof typeof looked): void => {
    new Counter({
      ...{ name, help, registers: [registry] },
      collect() {
        this.reset();
        this.inc(looked[from]);
      },
    });
  };
  total("claviger_cache_hits_total", "Verdicts given from memory alone", "memory");
  total("claviger_cache_misses_total", "Verdicts for which the database was asked", "database");
  return (code, from) => {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (from !== null) looked[from] += 1;
  };
}

function watchWaits(registry: Registry): Metrics["waited"] {
  const registers = [registry];
  const waits = new Histogram({
    ...{ name: "claviger_barrier_wait_seconds", buckets: WAITS_S, registers },
    help: "How long acts that take something away waited after their commit, until they were in force everywhere",
  });
  const unconfirmed = new Counter({
    ...{ name: "claviger_barriers_unconfirmed_total", registers },
    help: "Acts that were answered BARRIER_UNCONFIRMED",
  });
  const lapsed = new Counter({
    ...{ name: "claviger_nodes_lapsed_total", registers },
    help: "Nodes that an act here found without a lease, counted for each such act",
  });
  return async (waiting) => {
    try {
      const effective = await waiting;
      waits.observe(effective.waitedMs / 1000);
      lapsed.inc(effective.lapsed.length);
      return effective;
    } catch (error) {
      unconfirmed.inc();
      throw error;
    }
  };
}

function addReadings(registry: Registry, read: () => NodeReading): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (node: NodeReading) => number): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value(read()));
      },
    });
  };
  gauge("claviger_lease_seconds", "What is left of this node's lease", (node) => node.leaseMsLeft / 1000);
  gauge("claviger_change_lag", "Changes known and not yet applied", (node) => node.lagSeq);
  gauge("claviger_nodes", "Nodes in the cluster, this one included", (node) => node.nodes);
  gauge("claviger_barriers", "Acts that wait now until they are in force everywhere", (node) => node.barriers);
  gauge("claviger_keys_in_memory", "Keys in memory, management keys included", (node) => node.memory.size);
  gauge("claviger_keys_in_memory_bytes", "What keys in memory take", (node) => node.memory.bytes);
  new Counter({
    ...{ name: "claviger_lease_lapses_total", registers },
    help: "Times this node had no valid lease after it had had one",
    collect() {
      this.reset();
      this.inc(read().lapses);
    },
  });
}

function addVersion(registry: Registry, version: string): void {
  const info = { name: "claviger_build_info", help: "1, with the version of the software", registers: [registry] };
  new Gauge({ ...info, labelNames: ["version"] }).set({ version }, 1);
}
