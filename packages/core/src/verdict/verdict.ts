import type { ScopeQuery } from "../scopes/query.ts";
import type { Tier } from "../scopes/tier.ts";

/** Every reason for which a key is refused, in one closed list (C3). */
export const REFUSAL_CODES = Object.freeze([
  "MALFORMED",
  "NOT_FOUND",
  "EXPIRED",
  "REVOKED",
  "SUSPENDED",
  "ACCOUNT_SUSPENDED",
  "WRONG_ENVIRONMENT",
  "WRONG_ACCOUNT",
  "INSUFFICIENT_SCOPE",
  "ROUTE_NOT_MAPPED",
  "IP_NOT_ALLOWED",
  "REFERRER_NOT_ALLOWED",
  "AUDIENCE_NOT_ALLOWED",
  "RATE_LIMITED",
  "QUOTA_EXCEEDED",
  "UNAVAILABLE",
] as const);

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One secret of a key. An ended version never comes back. */
export interface VersionRecord {
  readonly version: number;
  readonly state: "active" | "ended";
  /** Milliseconds since the epoch; null: ends with the key. */
  readonly expiresAt: number | null;
}

/**
 * What a verifier holds about one key. Records are immutable: a change is a new record with new lists, because
 * compiled forms of the lists are remembered by the identity of the list.
 */
export interface KeyRecord {
  readonly keyId: string;
  readonly account: string;
  readonly environment: string;
  readonly state: "active" | "suspended" | "revoked";
  readonly accountState: "active" | "suspended";
  /** Milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
  readonly tier: Tier | null;
  readonly scopes: readonly string[];
  readonly versions: readonly VersionRecord[];
  /** Addresses and CIDR ranges; empty: from anywhere. */
  readonly allowedIps: readonly string[];
  /** Origins, see `matchesReferrer`; empty: from anywhere. */
  readonly allowedReferrers: readonly string[];
  /** APIs it may be used against; empty: any. */
  readonly audiences: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What this record was derived from, so that a change of any of them drops it (see the coherence design). */
  readonly subjects: readonly string[];
}

/** What a verifier asks. A field that is left out is not checked, except where the key itself demands it. */
export interface VerifyRequest {
  readonly environment: string;
  readonly scopes?: ScopeQuery | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly account?: string | undefined;
  readonly audience?: string | undefined;
  readonly ip?: string | undefined;
  readonly referrer?: string | undefined;
  readonly origin?: string | undefined;
}

export interface ValidVerdict {
  readonly valid: true;
  readonly code: "VALID";
  /** How much was asked: only who the key is, or also scopes, or the route map. */
  readonly checked: "identity" | "scopes" | "route";
  /** The template of the mapped route; null where none was asked for or none is mapped. */
  readonly route: string | null;
  readonly record: KeyRecord;
  readonly version: number;
  /** The earlier of the key's and the version's expiry, in milliseconds since the epoch; null: never. */
  readonly expiresAt: number | null;
}

export interface RefusedVerdict {
  readonly valid: false;
  readonly code: RefusalCode;
  /** The key refused; null where no genuine key was presented. */
  readonly record: KeyRecord | null;
  /** With INSUFFICIENT_SCOPE: names that would be needed. */
  readonly missing?: readonly string[];
  readonly route?: string | null;
}

export type Verdict = ValidVerdict | RefusedVerdict;

const shared = Object.freeze(
  Object.fromEntries(REFUSAL_CODES.map((code) => [code, Object.freeze({ valid: false, code, record: null })])),
) as Readonly<Record<RefusalCode, RefusedVerdict>>;

/** The refusal of a string that belongs to no key, or of everybody: one frozen object for each code. */
export function refusal(code: RefusalCode): RefusedVerdict {
  return shared[code];
}
