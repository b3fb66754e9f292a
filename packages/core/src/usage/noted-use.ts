import type { KeyFacts, ToldParts } from "../key-table/told-verdict.ts";
import type { ScopeQuery } from "../scopes/query.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** What of a request is recorded. It is read later than it is noted, so it must not be changed. */
export interface NotedRequest {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** Method and path where the decision does not need them. */
  readonly seenMethod?: string | undefined;
  readonly seenPath?: string | undefined;
  /** What was asked for by name. */
  readonly scopes?: ScopeQuery | undefined;
  readonly ip?: string | undefined;
  readonly origin?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Whether it is known to come from a browser. */
  readonly browser?: boolean | undefined;
  readonly cost?: number | undefined;
}

/** No cell: not counted yet, or left out. */
export const NOWHERE = -1;

/** One verification of a key that is known: what it is recorded from, and where it is counted. */
export class NotedUse {
  readonly key: KeyFacts;
  readonly parts: ToldParts;
  readonly verdict: Verdict;
  readonly request: NotedRequest;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The template of the route map: as it was decided by, or would have been. Null: none, or none was asked for. */
  readonly route: string | null;
  /** 0: not told. */
  status = 0;
  /** Below 0: not told. */
  durationMs = -1;
  /** The number of its circumstances, as long as it is being counted. */
  circumstances = NOWHERE;
  /** The number of its cell, and of the batch that the cell is in. */
  cell = NOWHERE;
  round = 0;

  constructor(
    key: KeyFacts,
    parts: ToldParts,
    verdict: Verdict,
    request: NotedRequest,
    at: number,
    route: string | null,
  ) {
    this.key = key;
    this.parts = parts;
    this.verdict = verdict;
    this.request = request;
    this.at = at;
    this.route = route;
  }
}
