import type { RefusalCode } from "./verdict.ts";

export interface RefusalHttp {
  readonly status: 401 | 403 | 429 | 503;
  /** The `error` of `WWW-Authenticate: Bearer` (RFC 6750 section 3.1); null: the header carries none. */
  readonly wwwAuthenticateError: "invalid_token" | "insufficient_scope" | null;
}

const invalidToken: RefusalHttp = Object.freeze({ status: 401, wwwAuthenticateError: "invalid_token" });
const forbidden: RefusalHttp = Object.freeze({ status: 403, wwwAuthenticateError: null });
const tooMany: RefusalHttp = Object.freeze({ status: 429, wwwAuthenticateError: null });

/** How each refusal is answered over HTTP (C3). */
export const refusalHttp: Readonly<Record<RefusalCode, RefusalHttp>> = Object.freeze({
  MALFORMED: invalidToken,
  NOT_FOUND: invalidToken,
  EXPIRED: invalidToken,
  REVOKED: invalidToken,
  SUSPENDED: invalidToken,
  ACCOUNT_SUSPENDED: forbidden,
  WRONG_ENVIRONMENT: forbidden,
  WRONG_ACCOUNT: forbidden,
  INSUFFICIENT_SCOPE: Object.freeze({ status: 403, wwwAuthenticateError: "insufficient_scope" }),
  ROUTE_NOT_MAPPED: forbidden,
  IP_NOT_ALLOWED: forbidden,
  REFERRER_NOT_ALLOWED: forbidden,
  AUDIENCE_NOT_ALLOWED: forbidden,
  RATE_LIMITED: tooMany,
  QUOTA_EXCEEDED: tooMany,
  UNAVAILABLE: Object.freeze({ status: 503, wwwAuthenticateError: null }),
});
