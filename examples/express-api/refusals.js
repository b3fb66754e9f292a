/**
 * How a refusal is told to a caller. A string that is no key of this platform learns nothing beyond that; the holder of
 * a genuine key learns what became of it.
 */
const REALM = 'Bearer realm="contacts"';
const INVALID = { "WWW-Authenticate": `${REALM}, error="invalid_token"` };
const FORBIDDEN = { "WWW-Authenticate": REALM };
const LATER = { "Retry-After": "5" };
const NOT_A_KEY = { status: 401, headers: INVALID, code: "INVALID_TOKEN", detail: "The key is not valid." };

const REFUSALS = {
  UNAUTHENTICATED: { status: 401, headers: FORBIDDEN, detail: "Send a key as Authorization: Bearer or X-API-Key." },
  MALFORMED: NOT_A_KEY,
  NOT_FOUND: NOT_A_KEY,
  EXPIRED: { status: 401, headers: INVALID, detail: "The key has expired." },
  REVOKED: { status: 401, headers: INVALID, detail: "The key has been revoked." },
  SUSPENDED: { status: 401, headers: INVALID, detail: "The key is suspended." },
  ACCOUNT_SUSPENDED: { status: 403, headers: FORBIDDEN, detail: "The account is suspended." },
  WRONG_ENVIRONMENT: { status: 403, headers: FORBIDDEN, detail: "The key belongs to another environment." },
  WRONG_ACCOUNT: { status: 403, headers: FORBIDDEN, detail: "The key belongs to another account." },
  INSUFFICIENT_SCOPE: { status: 403, headers: FORBIDDEN, detail: "The key lacks a scope." },
  ROUTE_NOT_MAPPED: { status: 403, headers: FORBIDDEN, detail: "No key opens this method and path." },
  IP_NOT_ALLOWED: { status: 403, headers: FORBIDDEN, detail: "The key may not be used from this address." },
  REFERRER_NOT_ALLOWED: { status: 403, headers: FORBIDDEN, detail: "The key may not be used from this origin." },
  AUDIENCE_NOT_ALLOWED: { status: 403, headers: FORBIDDEN, detail: "The key may not be used against this API." },
  RATE_LIMITED: { status: 429, headers: LATER, detail: "The key has used up its rate limit." },
  QUOTA_EXCEEDED: { status: 429, headers: LATER, detail: "The key has used up its quota." },
  UNAVAILABLE: { status: 503, headers: LATER, detail: "The key cannot be checked at the moment." },
};

/** The refusal that a verdict amounts to. A code that is not in the list is a doubt, and so is a verdict that was valid. */
export function refusalOf({ code, missing }) {
  const known = Object.hasOwn(REFUSALS, code) ? code : "UNAVAILABLE";
  const refusal = { code: known, ...REFUSALS[known] };
  if (known !== "INSUFFICIENT_SCOPE") return refusal;
  const scope = Array.isArray(missing) && missing.length > 0 ? `, scope="${missing.join(" ")}"` : "";
  return { ...refusal, headers: { "WWW-Authenticate": `${REALM}, error="insufficient_scope"${scope}` } };
}

/** A request that does not say which key it means. */
export function badRequest(code, detail) {
  return { status: 400, headers: { "WWW-Authenticate": `${REALM}, error="invalid_request"` }, code, detail };
}
