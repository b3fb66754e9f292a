import { Counter, Gauge, type Registry } from "prom-client";

/** What happens on the stream of verifiers. No label names a key, an account or a verifier. */
export interface VerifierMetrics {
  granted(): void;
  denied(reason: string): void;
  lapsed(): void;
  looked(outcome: string): void;
  counted(batches: number): void;
  gone(): void;
}

/** Verifiers as they stand now. */
export interface VerifierReading {
  readonly connections: number;
  readonly sessions: number;
}

/** `read` is asked at each scrape. */
export function createVerifierMetrics(registry: Registry, read: () => VerifierReading): VerifierMetrics {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const labelled = <L extends string>(name: string, help: string, label: L): Counter<L> =>
    new Counter({ name, help, labelNames: [label], registers });
  const gauge = (name: string, help: string, value: (reading: VerifierReading) => number): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value(read()));
      },
    });
  };
  gauge("claviger_verifier_connections", "Verifiers connected to this node", ({ connections }) => connections);
  gauge("claviger_verifier_sessions", "Verifiers remembered here, connected or not", ({ sessions }) => sessions);
  const grants = counter("claviger_verifier_grants_total", "Leases lent to verifiers, renewals included");
  const denies = labelled("claviger_verifier_denies_total", "Leases not lent, by reason", "reason");
  const lapses = counter(
    "claviger_verifier_lapses_total",
    "Leases of verifiers that ran out while they held back a change",
  );
  const lookUps = labelled(
    "claviger_verifier_lookups_total",
    "Look-ups of verifiers, by where it was answered",
    "outcome",
  );
  const batches = counter("claviger_verifier_usage_batches_total", "Batches of counts written for verifiers");
  const gone = counter(
    "claviger_verifier_gone_total",
    "Verifiers that went away without handing over what they had counted",
  );
  return {
    granted: () => grants.inc(),
    denied: (reason) => denies.inc({ reason }),
    lapsed: () => lapses.inc(),
    looked: (outcome) => lookUps.inc({ outcome }),
    counted: (count) => batches.inc(count),
    gone: () => gone.inc(),
  };
}
