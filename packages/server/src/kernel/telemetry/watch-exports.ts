import type { TelemetryReading } from "../tracing.ts";

/** Told that a signal cannot be sent, with why; and with null that it can again. */
export type Report = (signal: string, trouble: Error | null) => void;

interface Result {
  readonly code: number;
  readonly error?: Error;
}

interface Exporter<T> {
  export(items: T[], done: (result: Result) => void): void;
  shutdown(): Promise<void>;
}

export interface WatchedExporter<T> {
  readonly exporter: {
    export(items: T[], done: (result: Result) => void): void;
    shutdown(): Promise<void>;
    forceFlush(): Promise<void>;
  };
  /** To be told of each item that is given to the queue. */
  given(): void;
  reading(): TelemetryReading;
}

const SUCCESS = 0;

/** Counts what becomes of what is exported, and reports the beginning and the end of trouble. */
export function watchExports<T>(own: Exporter<T>, signal: string, report: Report): WatchedExporter<T> {
  const counts = { given: 0, sent: 0, failed: 0 };
  let failing = false;
  return {
    exporter: {
      export: (items, done) =>
        own.export(items, (result) => {
          const failed = result.code !== SUCCESS;
          counts[failed ? "failed" : "sent"] += items.length;
          if (failed !== failing)
            report(signal, failed ? (result.error ?? new TypeError("no reason was given")) : null);
          failing = failed;
          // Told here; the queue would tell it to nobody.
          done({ code: SUCCESS });
        }),
      shutdown: () => own.shutdown(),
      forceFlush: async () => undefined,
    },
    given: () => {
      counts.given += 1;
    },
    reading: () => ({ ...counts }),
  };
}
