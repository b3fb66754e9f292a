import type { HeaderReader } from "@claviger/core";
import type { Clock } from "./clock.ts";
import type { Answered, Answering } from "./http-metrics.ts";

/** Follows requests from their head to the answer, for metrics. */
export interface Watch {
  begin(operation: Answering, headers: HeaderReader): Watched;
}

/** One request that is being answered. */
export interface Watched {
  /** Told once, with the status of the answer. */
  answered(status: number): void;
}

export function createWatch(clock: Clock, tell: Answered): Watch {
  return {
    begin: (operation) => {
      const began = clock.mono();
      return { answered: (status) => tell(operation, status, clock.mono() - began) };
    },
  };
}

/** What no route takes. Told under one name, whatever method and path it had. */
export const UNROUTED: Answering = { id: "unrouted", method: "_OTHER", path: "unrouted" };

/** A page or file for browsers, by its fixed path. */
export const pageAt = (path: string): Answering => ({ id: `page ${path}`, method: "GET", path });
