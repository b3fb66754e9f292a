import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";

/** Numbers for Prometheus. Labels are bounded: operations, statuses and codes, never a key, an account or an address. */
export interface Metrics {
  verified(code: string): void;
  answered(operation: string, status: number): void;
  /** The text that Prometheus reads. */
  render(): Promise<string>;
}

export interface LeaseReading {
  readonly leaseMsLeft: number;
  readonly lagSeq: number;
  readonly nodes: number;
}

/** `readLease` is asked at each scrape. */
export function createMetrics(readLease: () => LeaseReading): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const verifications = new Counter({
    name: "claviger_verifications_total",
    help: "Verdicts by code",
    labelNames: ["code"],
    registers: [registry],
  });
  const requests = new Counter({
    name: "claviger_http_requests_total",
    help: "Answers by operation and status",
    labelNames: ["operation", "status"],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: (lease: LeaseReading) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(readLease()));
      },
    });
  gauge("claviger_lease_seconds", "What is left of this node's lease", (lease) => lease.leaseMsLeft / 1000);
  gauge("claviger_change_lag", "Changes known and not yet applied", (lease) => lease.lagSeq);
  gauge("claviger_nodes", "Nodes in the cluster, this one included", (lease) => lease.nodes);
  return {
    verified: (code) => verifications.inc({ code }),
    answered: (operation, status) => requests.inc({ operation, status: String(status) }),
    render: () => registry.metrics(),
  };
}
