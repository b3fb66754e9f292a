import type { HeaderReader } from "@claviger/core";
import type { Clock } from "./clock.ts";
import type { Answered, Answering } from "./http-metrics.ts";
import type { Tracing } from "./tracing.ts";

/** Follows requests from their head to the answer, for metrics and traces. */
export interface Watch {
  begin(operation: Answering, headers: HeaderReader): Watched;
}

/** One request that is being answered. */
export interface Watched {
  /** Runs what answers it. */
  within<T>(work: () => T): T;
  /** Told once, with the status of the answer. */
  answered(status: number): void;
}

const within = <T>(work: () => T): T => work();

/** Without `tracing`, a request costs two readings of the clock and a count. */
export function createWatch(clock: Clock, tell: Answered, tracing: Tracing | null): Watch {
  return {
    begin: (operation, headers) => {
      const began = clock.mono();
      const span = tracing?.request(operation, headers);
      if (span === undefined) return { within, answered: (status) => tell(operation, status, clock.mono() - began) };
      return {
        within: span.within,
        answered: (status) => {
          tell(operation, status, clock.mono() - began);
          span.end(status);
        },
      };
    },
  };
}

/** What no route takes. Told under one name, whatever method and path it had. */
export const UNROUTED: Answering = { id: "unrouted", method: "_OTHER", path: "unrouted" };

/** A page or file for browsers, by its fixed path. */
export const pageAt = (path: string): Answering => ({ id: `page ${path}`, method: "GET", path });
