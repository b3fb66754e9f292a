import type { ClavigerError, ErrorCode } from "../errors/claviger-error.ts";

/** Codes that RFC 6750 calls invalid_token: a string was presented and is not, or no longer, a valid one. */
const INVALID_TOKEN: ReadonlySet<ErrorCode> = new Set(["INVALID_TOKEN", "EXPIRED", "REVOKED", "SUSPENDED"] as const);
const INSUFFICIENT: ReadonlySet<ErrorCode> = new Set(["INSUFFICIENT_SCOPE", "GRANT_EXCEEDED"] as const);
const RETRY_AFTER_S = 5;

/** The address that names a kind of problem; the reference lists them by code. */
export function problemType(code: string): string {
  return `urn:claviger:error:${code.toLowerCase().replaceAll("_", "-")}`;
}

/**
 * The headers that go with the status of an error: `WWW-Authenticate` for 401 and 403 (RFC 6750), `Retry-After` for 429 and 503.
 * `extra.scope` and `extra.retryAfterMs` of the error are said there.
 *
 * @param realm what the credential is for, without quotation marks
 */
export function problemHeaders(error: ClavigerError, realm: string): Record<string, string> {
  if (error.status === 401 || error.status === 403) return { "WWW-Authenticate": challenge(error, realm) };
  if (error.status === 429) return { "Retry-After": String(secondsOf(error.extra?.retryAfterMs)) };
  if (error.status === 503) return { "Retry-After": String(RETRY_AFTER_S) };
  return {};
}

function challenge(error: ClavigerError, realm: string): string {
  const scheme = `Bearer realm="${quotable(realm)}"`;
  if (INVALID_TOKEN.has(error.code))
    return `${scheme}, error="invalid_token", error_description="${quotable(error.publicDetail)}"`;
  if (!INSUFFICIENT.has(error.code)) return scheme;
  const scope = error.extra?.scope;
  const named = typeof scope === "string" && scope !== "" ? `, scope="${quotable(scope)}"` : "";
  return `${scheme}, error="insufficient_scope"${named}`;
}

/** Whole seconds, rounded up, so that who waits that long is not too early. */
function secondsOf(milliseconds: unknown): number {
  return typeof milliseconds === "number" ? Math.max(1, Math.ceil(milliseconds / 1000)) : RETRY_AFTER_S;
}

/** What a quoted string in a header may hold. */
function quotable(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "");
}
