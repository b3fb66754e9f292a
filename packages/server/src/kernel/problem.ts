import { type ClavigerError, problemHeaders, problemType } from "@claviger/core";
import type { Answer } from "./route.ts";

const REALM = "claviger";

/** An error as RFC 9457 problem document with the headers of its status (RFC 6750 for 401 and 403, Retry-After for 429 and 503). */
export function problemOf(error: ClavigerError, requestId: string): Answer {
  return {
    status: error.status,
    contentType: "application/problem+json",
    body: { type: problemType(error.code), ...error.toJSON(), requestId },
    headers: problemHeaders(error, REALM),
  };
}
