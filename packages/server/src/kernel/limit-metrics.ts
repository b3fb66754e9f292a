import { Counter, Gauge, type Registry } from "prom-client";

/** How limits are divided now; numbers of what happened are since the start. */
export interface LimitReading {
  /** Name of the store in which windows are divided. */
  readonly store: string;
  /** Parts of Redis that gave no answer when they were asked last. */
  readonly silentParts: number;
  /** False while something may be missing in the store, so that nobody is given more. */
  readonly settled: boolean;
  /** Records in Redis that this node found to be gone. */
  readonly lostRecords: number;
  /** What was asked of the stores without an answer: of windows, and of quotas and lifetimes; and by verifiers, of either. */
  readonly errors: { readonly shares: number; readonly blocks: number; readonly lent: number };
  /** Verifiers that have asked to be lent of limits lately. */
  readonly borrowers: number;
}

/** `read` is asked at each scrape. */
export function addLimitMetrics(registry: Registry, read: () => LimitReading): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (reading: LimitReading) => number): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value(read()));
      },
    });
  };
  gauge("claviger_limit_store_redis", "1 while windows are divided in Redis, 0 while in PostgreSQL", ({ store }) =>
    store.startsWith("redis") ? 1 : 0,
  );
  gauge(
    "claviger_limit_redis_silent_parts",
    "Parts of Redis that gave no answer when they were asked last",
    ({ silentParts }) => silentParts,
  );
  gauge(
    "claviger_limit_store_settled",
    "0 while the store may be missing something, so that nobody is given more",
    ({ settled }) => (settled ? 1 : 0),
  );
  gauge(
    "claviger_limit_borrowers",
    "Verifiers that have asked this node for limits to spend, in the last ten minutes",
    ({ borrowers }) => borrowers,
  );
  new Counter({
    ...{ name: "claviger_limit_records_lost_total", registers },
    help: "Records in Redis that this node found to be gone",
    collect() {
      this.reset();
      this.inc(read().lostRecords);
    },
  });
  new Counter({
    ...{ name: "claviger_limit_store_errors_total", registers, labelNames: ["of"] },
    help: "What was asked of the store of limits without an answer: of windows (shares), of quotas and lifetimes (blocks), by verifiers (lent)",
    collect() {
      this.reset();
      for (const [of, count] of Object.entries(read().errors)) this.inc({ of }, count);
    },
  });
}
