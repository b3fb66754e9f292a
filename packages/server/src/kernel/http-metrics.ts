import { Counter, type Registry } from "prom-client";
import { type DurationSeries, Durations } from "./durations.ts";

/** What a request was for: an operation of the contract, or one of a few names of ours. Its path is a template. */
export interface Answering {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** Told of each answer; milliseconds from the head of the request to the answer. */
export type Answered = (operation: Answering, status: number, ms: number) => void;

/** Seconds: from a verdict out of memory to what dead nodes cost a revocation. */
const BOUNDS_S = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const SERVER_ERROR = 500;

interface Kept {
  readonly statuses: Map<number, number>;
  /** By first digit of the status. */
  readonly classes: Map<number, DurationSeries>;
}

/** Counted in maps, which costs a verification less than labelled metrics would. */
export function createHttpMetrics(registry: Registry): Answered {
  const kept = new Map<string, Kept>();
  new Counter({
    ...{ name: "claviger_http_requests_total", help: "Answers by operation and status", registers: [registry] },
    labelNames: ["operation", "status"],
    collect() {
      this.reset();
      for (const [operation, { statuses }] of kept) {
        for (const [status, count] of statuses) this.inc({ operation, status: String(status) }, count);
      }
    },
  });
  const durations = new Durations({
    ...{ name: "http_server_request_duration_seconds", bounds: BOUNDS_S, registry },
    help: "How long requests took, from their head to the answer, by route",
  });
  // Without a label, and so there from the start: of a counter that begins at 1, nobody sees the rise.
  const errors = new Counter({
    ...{ name: "claviger_server_errors_total", registers: [registry] },
    help: "Answers 500: errors that nobody foresaw",
  });
  return ({ id, method, path }, status, ms) => {
    if (status === SERVER_ERROR) errors.inc();
    let own = kept.get(id);
    if (own === undefined) {
      own = { statuses: new Map(), classes: new Map() };
      kept.set(id, own);
    }
    own.statuses.set(status, (own.statuses.get(status) ?? 0) + 1);
    const digit = Math.floor(status / 100);
    let series = own.classes.get(digit);
    if (series === undefined) {
      series = durations.series({ http_request_method: method, http_route: path, status_class: `${digit}xx` });
      own.classes.set(digit, series);
    }
    series.observe(ms / 1000);
  };
}
