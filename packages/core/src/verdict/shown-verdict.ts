import type { AppliedLimit } from "../limits/resolve-limits.ts";
import type { ScopeQuery } from "../scopes/query.ts";
import type { Tier } from "../scopes/tier.ts";
import type { RefusalCode } from "./verdict.ts";

/**
 * What is asked of a presented key. What is left out is not checked, except where the key itself demands it: a key that is bound
 * to addresses, origins or audiences is refused where the request does not say its own.
 */
export interface VerificationRequest {
  /** HTTP method. With `path`, the route map decides; with `scopes`, it bounds what a tier opens. */
  readonly method?: string | undefined;
  /** Path of the request, with or without its query; at most 2 048 characters. */
  readonly path?: string | undefined;
  /** A list means all of it. An empty list is never satisfied. */
  readonly scopes?: ScopeQuery | undefined;
  /** The account whose data is asked for, as `acct_…` or `ext:<your id>`; the key must be one of its own. */
  readonly account?: string | undefined;
  /** The API that is called, for keys bound to audiences. */
  readonly audience?: string | undefined;
  /** Source address of the caller. */
  readonly ip?: string | undefined;
  /** The `Origin` header as it came. */
  readonly origin?: string | undefined;
  /** The `Referer` header as it came. */
  readonly referrer?: string | undefined;
  /** Recorded with the use, and nothing else: the `User-Agent` header, and whatever names this request in your logs. */
  readonly userAgent?: string | undefined;
  readonly requestId?: string | undefined;
  /** Method and path as they are recorded where neither `method` nor `path` asks the route map. */
  readonly seenMethod?: string | undefined;
  readonly seenPath?: string | undefined;
  /** Recorded: whether it is known that a browser sent it. It is taken for one as well by `origin` and user agent. */
  readonly browser?: boolean | undefined;
  /** What the request spends of the key's limits: 1 to 1 000 000, default 1. */
  readonly cost?: number | undefined;
}

/** How a limit of the key stands after this request. */
export interface LimitStanding {
  readonly name: string;
  readonly per: AppliedLimit["per"];
  readonly limit: number;
  readonly remaining: number;
  /** RFC 3339; null: never, for a lifetime without refill. */
  readonly resetAt: string | null;
}

/** An accepted key: the verdict of the contract with `valid: true`. Times are RFC 3339 in UTC. */
export interface VerifiedKey {
  readonly valid: true;
  readonly code: "VALID";
  /** How much was asked: only who the key is, or also scopes, or the route map. */
  readonly checked: "identity" | "scopes" | "route";
  readonly keyId: string;
  /** Which of the key's secrets was presented. */
  readonly version: number;
  readonly account: string;
  readonly environment: string;
  /** Expanded against the catalogue. */
  readonly scopes: readonly string[];
  readonly tier: Tier | null;
  /** When the secret presented stops working; null: never. */
  readonly expiresAt: string | null;
  /** Where another version has taken its place: when it ends, before its key does. */
  readonly retiresAt?: string | undefined;
  readonly limits: readonly LimitStanding[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Template of the mapped route, where the route map was asked. */
  readonly route?: string | null | undefined;
  /** Decided beyond the lease, where `staleIfUnreachable` allows that. */
  readonly stale?: true | undefined;
  /** Decided by the double of `@claviger/sdk/testing`. */
  readonly testDouble?: true | undefined;
}

/** A refused key: the verdict of the contract with `valid: false`. What is known of the key is for you, not for the caller. */
export interface RefusedKey {
  readonly valid: false;
  readonly code: RefusalCode;
  readonly keyId?: string | undefined;
  readonly account?: string | undefined;
  readonly environment?: string | undefined;
  /** With INSUFFICIENT_SCOPE: names that would be needed. */
  readonly missing?: readonly string[] | undefined;
  readonly route?: string | null | undefined;
  readonly limits?: readonly LimitStanding[] | undefined;
  /** With RATE_LIMITED and QUOTA_EXCEEDED: milliseconds until the same request may pass; null: never. */
  readonly retryAfterMs?: number | null | undefined;
  readonly testDouble?: true | undefined;
}

/** What an application is told of one presented key. A refusal is an answer, never an exception. */
export type ShownVerdict = VerifiedKey | RefusedKey;
