import { Gauge, Registry } from "prom-client";
import type { Database } from "../db/index.ts";
import type { Clock } from "./clock.ts";
import { type DurationSeries, Durations } from "./durations.ts";
import { isFault } from "./is-fault.ts";
import type { Tracing } from "./tracing.ts";

/** Seconds. */
const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `refused`: undone, because what was asked for cannot be. */
type Outcome = "done" | "refused" | "failed";

export interface WatchedDatabase {
  readonly database: Database;
  /** Of its transactions and connections. */
  readonly registry: Registry;
}

/** The same database, whose transactions are timed and traced, the wait for a connection included. */
export function watchDatabase(own: Database, clock: Clock, tracing: Tracing | null): WatchedDatabase {
  const registry = new Registry();
  const durations = new Durations({
    ...{ name: "claviger_database_transaction_seconds", bounds: BOUNDS_S, registry },
    help: "How long transactions took, with the wait for a connection, by reach and outcome",
  });
  const series = new Map<string, DurationSeries>();
  const tell = (reach: string, outcome: Outcome, ms: number): void => {
    const name = `${reach} ${outcome}`;
    const known = series.get(name) ?? durations.series({ reach, outcome });
    series.set(name, known);
    known.observe(ms / 1000);
  };
  new Gauge({
    ...{ name: "claviger_database_connections", help: "Connections of the pool, by state", registers: [registry] },
    labelNames: ["state"],
    collect() {
      const { open, idle } = own.connections();
      this.set({ state: "idle" }, idle);
      this.set({ state: "busy" }, open - idle);
    },
  });
  new Gauge({
    ...{ name: "claviger_database_waiting", help: "Transactions that wait for a connection", registers: [registry] },
    collect() {
      this.set(own.connections().waiting);
    },
  });
  const transact: Database["transaction"] = (reach, work, options) => {
    if (tracing === null) return own.transaction(reach, work, options);
    const attributes = { "db.system.name": "postgresql", "claviger.reach": reach.kind };
    const step = { name: "database transaction", kind: "client", attributes } as const;
    return tracing.step(step, () => own.transaction(reach, work, options));
  };
  const database: Database = {
    ...own,
    transaction: async (reach, work, options) => {
      const began = clock.mono();
      let outcome: Outcome = "done";
      try {
        return await transact(reach, work, options);
      } catch (error) {
        outcome = isFault(error) ? "failed" : "refused";
        throw error;
      } finally {
        tell(reach.kind, outcome, clock.mono() - began);
      }
    },
  };
  return { database, registry };
}
