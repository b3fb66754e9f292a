import type { Verdict } from "../verdict/verdict.ts";

/** Answers that a middleware told the status of, by its class: 2xx, 3xx, 4xx, 5xx. */
export type StatusCounts = readonly [number, number, number, number];

/** How long handlers took, in milliseconds, where a middleware told. */
export interface Durations {
  readonly count: number;
  readonly totalMs: number;
  readonly maxMs: number;
}

/**
 * All verifications of about a second that have everything in common but time, request, status and duration. Sums are exact: nothing of
 * a cell is ever sampled. Times are milliseconds since the epoch.
 */
export interface UseCell {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly environment: string;
  readonly code: Verdict["code"];
  /** As it was asked, in upper case. */
  readonly method: string | null;
  /** The template of the route map that matched. */
  readonly route: string | null;
  /** Where no route matched: the path that was asked for, with what looks like an id folded to `{id}`; at most 200 characters. */
  readonly path: string | null;
  /** The scopes that were asked for by name, with spaces between them; `?` where they are not told. */
  readonly scopes: string | null;
  readonly ip: string | null;
  /** The user agent as it was sent, at most 200 characters. */
  readonly agent: string | null;
  /** Whether a browser sent it: by Origin, Sec-Fetch-*, or user agent. The secret is exposed to whoever uses that page. */
  readonly browser: boolean;
  /** Which service of the platform saw it, as its verifier is set; at most 100 characters. */
  readonly service: string | null;
  /** Stands for several cells that differ in method, route, path, scopes, ip, agent, browser or service, which are null or false here. */
  readonly merged: boolean;
  readonly requests: number;
  readonly cost: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly statuses: StatusCounts | null;
  readonly durations: Durations | null;
}

/** One verification's own part. */
export interface UseDetail {
  /** Index of its cell in the batch. */
  readonly cell: number;
  readonly at: number;
  readonly cost: number;
  readonly requestId: string | null;
  readonly status: number | null;
  readonly durationMs: number | null;
}

/** What presented no genuine key: counted by where it came from, never stored one by one. */
export interface StrangerCount {
  readonly ip: string | null;
  readonly code: Verdict["code"];
  readonly count: number;
}

/** What one process saw since the batch before. */
export interface UseBatch {
  readonly cells: readonly UseCell[];
  /** Of all refusals and successes where there is room, else of some successes, evenly. */
  readonly details: readonly UseDetail[];
  /** Verifications of these cells without a detail. */
  readonly sampledOut: number;
  readonly strangers: readonly StrangerCount[];
}

/** Bounds of one batch. */
export const USE_LIMITS = Object.freeze({
  cells: 5_000,
  details: 2_000,
  strangers: 500,
  pathLength: 200,
  agentLength: 200,
  serviceLength: 100,
  requestIdLength: 200,
});
