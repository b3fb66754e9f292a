import type { HeaderReader } from "@claviger/core";
import type { Answering } from "./http-metrics.ts";

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** The span of one request. */
export interface RequestSpan {
  /** Runs `work` so that steps taken in it, and lines logged, belong to this request. */
  within<T>(work: () => T): T;
  /** Told once. */
  end(status: number): void;
}

/** Traces of requests, for whoever receives them. What is told is the operation, its route and outcome, and how long things took. */
export interface Tracing {
  request(operation: Answering, headers: HeaderReader): RequestSpan;
  /** A part of the request under way; without one, `work` alone. */
  step<T>(step: Step<T>, work: () => Promise<T>): Promise<T>;
}

export interface Step<T> {
  readonly name: string;
  /** `client` where another service does the work. */
  readonly kind: "internal" | "client";
  readonly attributes?: SpanAttributes;
  /** What is known once it is done. */
  readonly outcome?: (value: T) => SpanAttributes;
}

/** What a process sends by OpenTelemetry. */
export interface Telemetry {
  /** Null where traces are off. */
  readonly tracing: Tracing | null;
  /** Trace and span of the request under way, for a line of log. */
  fields(): object;
  /** Takes each line of log as it was written; null where logs are off. */
  readonly log: ((line: string) => void) | null;
  /** What became of spans and lines since the start, by signal. */
  readings(): Readonly<Record<string, TelemetryReading>>;
  /** Sends what waits, for two seconds at most, and tells the log what was lost. */
  stop(): Promise<void>;
}

/** What was given and is in none of the others waits, or is under way. */
export interface TelemetryReading {
  readonly given: number;
  /** Taken by the receiver. */
  readonly sent: number;
  /** Did not arrive, or was rejected by the receiver. */
  readonly failed: number;
  /** Found no room in the queue. */
  readonly leftOut: number;
}

export const NO_TELEMETRY: Telemetry = {
  ...{ tracing: null, log: null },
  fields: () => ({}),
  readings: () => ({}),
  stop: async () => undefined,
};
