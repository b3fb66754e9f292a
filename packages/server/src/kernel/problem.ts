import type { ClavigerError, ErrorCode } from "@claviger/core";
import type { Answer } from "./route.ts";

const REALM = 'Bearer realm="claviger"';
/** Codes that RFC 6750 calls invalid_token: a string was presented and is not, or no longer, a valid one. */
const INVALID_TOKEN: ReadonlySet<ErrorCode> = new Set(["INVALID_TOKEN", "EXPIRED", "REVOKED", "SUSPENDED"] as const);
const INSUFFICIENT: ReadonlySet<ErrorCode> = new Set(["INSUFFICIENT_SCOPE", "GRANT_EXCEEDED"] as const);
const RETRY_AFTER_S = 5;

/** The address that names a kind of problem; the reference lists them by code. */
function problemType(code: string): string {
  return `urn:claviger:error:${code.toLowerCase().replaceAll("_", "-")}`;
}

/** An error as RFC 9457 problem document with the headers of its status (RFC 6750 for 401 and 403, Retry-After for 429 and 503). */
export function problemOf(error: ClavigerError, requestId: string): Answer {
  return {
    status: error.status,
    contentType: "application/problem+json",
    body: { type: problemType(error.code), ...error.toJSON(), requestId },
    headers: headersOf(error),
  };
}

function headersOf(error: ClavigerError): Record<string, string> {
  if (error.status === 401 || error.status === 403) return { "WWW-Authenticate": challenge(error) };
  if (error.status === 429) return { "Retry-After": String(secondsOf(error.extra?.retryAfterMs)) };
  if (error.status === 503) return { "Retry-After": String(RETRY_AFTER_S) };
  return {};
}

function challenge(error: ClavigerError): string {
  if (INVALID_TOKEN.has(error.code))
    return `${REALM}, error="invalid_token", error_description="${ascii(error.publicDetail)}"`;
  if (!INSUFFICIENT.has(error.code)) return REALM;
  const scope = error.extra?.scope;
  const named = typeof scope === "string" && scope !== "" ? `, scope="${ascii(scope)}"` : "";
  return `${REALM}, error="insufficient_scope"${named}`;
}

/** Whole seconds, rounded up, so that who waits that long is not too early. */
function secondsOf(milliseconds: unknown): number {
  return typeof milliseconds === "number" ? Math.max(1, Math.ceil(milliseconds / 1000)) : RETRY_AFTER_S;
}

/** What a quoted string in a header may hold. */
function ascii(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "");
}
