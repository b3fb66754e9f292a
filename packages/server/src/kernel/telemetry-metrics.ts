import { Counter, type Registry } from "prom-client";
import type { Telemetry } from "./tracing.ts";

/** `read` is asked at each scrape. */
export function addTelemetryMetrics(registry: Registry, read: Telemetry["readings"]): void {
  new Counter({
    ...{ name: "claviger_telemetry_total", registers: [registry], labelNames: ["signal", "outcome"] },
    help: "Spans and log lines for OpenTelemetry: given, and what became of them",
    collect() {
      this.reset();
      for (const [signal, reading] of Object.entries(read())) {
        const { given, sent, failed, leftOut } = reading;
        for (const [outcome, count] of Object.entries({ given, sent, failed, left_out: leftOut }))
          this.inc({ signal, outcome }, count);
      }
    },
  });
}
