import { Counter, Gauge, type Registry } from "prom-client";

/** What was written of uses. */
interface WrittenUsage {
  readonly requests: number;
  readonly events: number;
  readonly cellsRefused: number;
  readonly strangers: number;
}

/** Told of what happens to uses of keys; nothing in it names a key. */
export interface UsageMetrics {
  written(batches: number, written: WrittenUsage): void;
  refused(batches: number): void;
  leftOut(details: number): void;
  lost(path: "verifier" | "unwritable", uses: number): void;
}

export interface UsageReading {
  readonly waitingBytes: number;
  /** Uses of keys that this node could not note, since the start. */
  readonly lost: number;
}

export function createUsageMetrics(registry: Registry, read: () => UsageReading): UsageMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const batches = counter("claviger_usage_batches_total", "Batches of uses written");
  const requests = counter("claviger_usage_requests_total", "Verifications of genuine keys counted");
  const events = counter("claviger_usage_events_total", "Raw events written");
  const strangers = counter("claviger_usage_strangers_total", "Verifications counted that presented no genuine key");
  const cells = counter(
    "claviger_usage_cells_refused_total",
    "Counts of keys that there are not, or of other environments",
  );
  const refused = counter(
    "claviger_usage_batches_refused_total",
    "Batches of uses that were not taken, or cannot be written",
  );
  const leftOut = counter("claviger_usage_details_left_out_total", "Details of successes left out for want of memory");
  new Gauge({
    ...{ name: "claviger_usage_waiting_bytes", help: "Uses that wait to be written, as estimated", registers },
    collect() {
      this.set(read().waitingBytes);
    },
  });
  const lost = { verifier: 0, unwritable: 0 };
  new Counter({
    ...{ name: "claviger_usage_lost_total", registers, labelNames: ["path"] },
    help: "Uses of keys that are missing in all counts",
    collect() {
      this.reset();
      this.inc({ path: "node" }, read().lost);
      this.inc({ path: "verifier" }, lost.verifier);
      this.inc({ path: "unwritable" }, lost.unwritable);
    },
  });
  return {
    written: (count, written) => {
      batches.inc(count);
      requests.inc(written.requests);
      events.inc(written.events);
      strangers.inc(written.strangers);
      cells.inc(written.cellsRefused);
    },
    refused: (count) => refused.inc(count),
    leftOut: (count) => leftOut.inc(count),
    lost: (path, uses) => {
      lost[path] += uses;
    },
  };
}
