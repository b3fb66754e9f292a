import { Counter, type Registry } from "prom-client";

/** Told of secrets that are delivered to stores; nothing in it names a store or a key. */
export interface StoreMetrics {
  /** One attempt. `retried`: it is tried again. `failed`: it is not. */
  attempted(outcome: "delivered" | "retried" | "failed"): void;
}

export function createStoreMetrics(registry: Registry): StoreMetrics {
  const attempts = new Counter({
    ...{ name: "claviger_store_attempts_total", labelNames: ["outcome"], registers: [registry] },
    help: "Attempts to deliver a secret to a secret store, by what became of them",
  });
  for (const outcome of ["delivered", "retried", "failed"]) attempts.inc({ outcome }, 0);
  return { attempted: (outcome) => attempts.inc({ outcome }) };
}
