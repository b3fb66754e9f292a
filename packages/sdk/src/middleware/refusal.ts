import {
  ClavigerError,
  type ErrorCode,
  problemHeaders,
  problemType,
  type RefusalCode,
  rateLimitHeaders,
  refusalError,
} from "@claviger/core";
import type { LimitStanding, RefusedKey, VerifiedKey } from "../verifier/verification.ts";

/** An answer that refuses a request, as it goes out. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A problem document (RFC 9457). */
  readonly body: string;
}

/** A request that does not present one key: none, two, one in its URL, or something far too long. */
export function refusalOfRequest(code: ErrorCode, realm: string): Refusal {
  return refusalOf(new ClavigerError(code), realm, {});
}

/** A key that was refused, in the words that its presenter may hear: what is no genuine key is told that and no more (C3). */
export function refusalOfKey(refused: RefusedKey, realm: string, now: number): Refusal {
  const { code, missing = [], retryAfterMs, limits = [] } = refused;
  const scope = missing.join(" ");
  const wait = typeof retryAfterMs === "number" ? Math.ceil(retryAfterMs) : undefined;
  const extra = { ...(scope === "" ? {} : { scope }), ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  return refusalOf(refusalError(code satisfies RefusalCode, { extra }), realm, limitHeaders(limits, now));
}

function refusalOf(error: ClavigerError, realm: string, more: Readonly<Record<string, string>>): Refusal {
  return {
    status: error.status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...problemHeaders(error, realm),
      ...more,
    },
    body: JSON.stringify({ type: problemType(error.code), ...error.toJSON() }),
  };
}

/** How an accepted key stands (C8), in RFC 3339. */
export function standingHeaders(key: VerifiedKey, now: () => number): Readonly<Record<string, string>> {
  const { expiresAt, retiresAt, limits } = key;
  const headers: Record<string, string> = {};
  if (expiresAt !== null) headers["Claviger-Key-Expires"] = expiresAt;
  if (retiresAt !== undefined) headers["Claviger-Key-Retires"] = retiresAt;
  return limits.length === 0 ? headers : Object.assign(headers, limitHeaders(limits, now()));
}

function limitHeaders(limits: readonly LimitStanding[], now: number): Readonly<Record<string, string>> {
  if (limits.length === 0) return NONE;
  const policies = limits.map(({ name, per, limit }) => ({ name, per, amount: limit }));
  const states = limits.map((limit) => ({
    ...limit,
    resetAt: limit.resetAt === null ? null : Date.parse(limit.resetAt),
  }));
  return rateLimitHeaders(policies, states, now);
}

const NONE = Object.freeze({});

export const CACHING = "Cache-Control";
/** What one key may see is not for shared caches, which know nothing of `X-API-Key`. A handler may say otherwise. */
export const NOT_SHARED = "private, no-store";

/** Whether what is answered is for the holder of one key. */
export function isForOneKey(passage: { readonly pass: boolean; readonly key?: VerifiedKey | undefined }): boolean {
  return passage.pass && passage.key !== undefined;
}

/** Headers of ours that a page in a browser may read only where they are named. */
const TOLD = [
  "Claviger-Key-Expires",
  "Claviger-Key-Retires",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "WWW-Authenticate",
] as const;

/** `Access-Control-Expose-Headers` with ours added to what is there already. */
export function exposed(headers: Readonly<Record<string, string>>, already: string | null): string {
  const names = (already ?? "").split(",").map((name) => name.trim());
  const known = new Set(names.map((name) => name.toLowerCase()));
  const ours = TOLD.filter((name) => headers[name] !== undefined && !known.has(name.toLowerCase()));
  return [...names.filter((name) => name !== ""), ...ours].join(", ");
}
