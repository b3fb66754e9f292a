/**
 * Problems: what the API answers with (RFC 9457), apart from the refusals of a verification, which are in
 * `refusals.ts`. The list is closed; documentation is generated from it.
 */

/** One row of the error catalogue. */
export interface ErrorEntry {
  /** HTTP status. */
  readonly status: number;
  /** The same few words every time this code is used. */
  readonly title: string;
  /** A sentence that may be shown to anybody: it names no value, no key and no other account. */
  readonly detail: string;
  /** What the reader should do, for the documentation. */
  readonly action: string;
}

export const PROBLEMS = Object.freeze({
  VALIDATION_FAILED: {
    status: 400,
    title: "Validation failed",
    detail: "The request does not have the form that this operation needs.",
    action: "Read `errors`: each entry names the path of a field and what is wrong with it.",
  },
  MALFORMED_JSON: {
    status: 400,
    title: "Malformed JSON",
    detail: "The body is not valid JSON.",
    action: "Send a UTF-8 JSON document and check it with a JSON parser.",
  },
  INVALID_CURSOR: {
    status: 400,
    title: "Invalid cursor",
    detail: "The cursor is not one that this list gave out.",
    action: "Pass on `nextCursor` unchanged and with the same filters, or start again without a cursor.",
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "No credential",
    detail: "This operation needs a credential and none was presented.",
    action: "Send the key as `Authorization: Bearer <key>`.",
  },
  INVALID_TOKEN: {
    status: 401,
    title: "Invalid credential",
    detail: "The credential presented is not valid.",
    action: "Check that the whole key was copied and that it belongs to this platform. If so, it has been replaced.",
  },
  TWO_CREDENTIALS: {
    status: 400,
    title: "Two credentials",
    detail: "The request carries two keys and it is not clear which one is meant.",
    action: "Send one key, either as `Authorization: Bearer` or as `X-API-Key`.",
  },
  KEY_IN_QUERY: {
    status: 400,
    title: "Key in the query string",
    detail: "A key in a URL ends up in logs and histories and is refused.",
    action: "Send the key in a header, and rotate it: this URL may have been recorded on its way.",
  },
  FORBIDDEN: {
    status: 403,
    title: "Forbidden",
    detail: "The credential does not allow this operation.",
    action: "Use a credential with the role that the reference names for this operation.",
  },
  GRANT_EXCEEDED: {
    status: 403,
    title: "Grant exceeded",
    detail: "Nobody may give a key more than they hold themselves.",
    action: "Leave out what `errors` names, or ask somebody whose role allows it.",
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    title: "Insufficient scope",
    detail: "The key lacks a scope that this request needs.",
    action: "Add the scope named in `WWW-Authenticate` to the key, or use a key that holds it.",
  },
  NOT_FOUND: {
    status: 404,
    title: "Not found",
    detail: "There is nothing at this address that the credential may see.",
    action: "Check the id and the account. What belongs to somebody else answers the same way.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    detail: "This address does not support the method.",
    action: "Use one of the methods in the `Allow` header.",
  },
  CONFLICT: {
    status: 409,
    title: "Conflict",
    detail: "The request contradicts something that exists or has just changed.",
    action: "Read the present state and decide again.",
  },
  APPROVAL_FORBIDDEN: {
    status: 403,
    title: "Not yours to decide",
    detail: "Somebody else decides this request.",
    action: "Let another owner or admin of the account decide, or the platform where its policy says so.",
  },
  LINK_ENDED: {
    status: 410,
    title: "Link ended",
    detail: "This link works no more.",
    action:
      "Ask whoever sent it for another, and tell them if it was opened by somebody else: they rotate the key, since its secret is known to whoever opened the link.",
  },
  PASSPHRASE_NEEDED: {
    status: 403,
    title: "Passphrase needed",
    detail: "This link opens with the passphrase that its sender chose.",
    action: "Ask the sender for it, by another way than the link came. After a few wrong ones the link ends.",
  },
  CONFIRMATION_REQUIRED: {
    status: 409,
    title: "Confirmation required",
    detail: "This act asks for something to be typed back, so that it is not done by mistake.",
    action: "Send what `confirm` in the answer says as `confirm`, after a look at what it stands for.",
  },
  KEY_NOT_RECOVERABLE: {
    status: 409,
    title: "Key not recoverable",
    detail: "The secret of this key is not kept: it was shown once, when it was made.",
    action:
      "Rotate the key. Secrets are kept of keys that are made or rotated while their environment's class is recoverable, and of no imported or management key.",
  },
  KEY_LIMIT_REACHED: {
    status: 409,
    title: "Key limit reached",
    detail: "The account holds as many active keys as its plan allows.",
    action: "Revoke keys that are no longer used (see the view `unused-90d`), or change the plan.",
  },
  STATE_CONFLICT: {
    status: 409,
    title: "Not possible in this state",
    detail: "The present state does not allow this operation.",
    action: "Read the state first. What has been revoked or has expired stays so: create or rotate instead.",
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: "Precondition failed",
    detail: "It is not in the state that `If-Match` names.",
    action: "Read it again, decide again, and send the `ETag` that came with it.",
  },
  POLICY_VIOLATED: {
    status: 422,
    title: "Policy violated",
    detail: "A policy does not allow a key like this.",
    action:
      "Read `errors`: each entry names a field, what it must be and which policy says so. `GET /v1/keys/{id}/policy` tells what holds for a key.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "Idempotency key reused",
    detail: "This Idempotency-Key was used before with a different request.",
    action: "Use a new Idempotency-Key for a new request, and repeat a request unchanged.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: "Request in progress",
    detail: "The first request with this Idempotency-Key has not finished yet.",
    action: "Wait for the time in `Retry-After` and repeat the same request.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: "Payload too large",
    detail: "The body is larger than this operation accepts.",
    action: "Split the request. The reference names the limit of each operation.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "Unsupported media type",
    detail: "The body has a content type that this operation does not read.",
    action: "Send `Content-Type: application/json`, or what the reference names.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: "Request timeout",
    detail: "The request did not arrive completely in time.",
    action: "Send it again; with an Idempotency-Key that is safe for every POST.",
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    title: "Too many attempts",
    detail: "Too many failed attempts came from this source.",
    action: "Wait for the time in `Retry-After` and correct the credential before the next attempt.",
  },
  UNAVAILABLE: {
    status: 503,
    title: "Unavailable",
    detail: "The service cannot answer safely at the moment.",
    action: "Repeat with growing pauses. If it lasts, the operator reads `/readyz` and the failure-modes page.",
  },
  KEK_UNAVAILABLE: {
    status: 503,
    title: "Key-encryption key unavailable",
    detail: "Whoever keeps the key-encryption key of recoverable keys gives no answer, and nothing was done.",
    action:
      "Repeat with growing pauses. If it lasts, the operator looks at AWS KMS or Vault, and at the settings CLAVIGER_KEK of the node.",
  },
  BARRIER_UNCONFIRMED: {
    status: 503,
    title: "Committed, not yet confirmed everywhere",
    detail: "The change is committed, but it is not yet known to be in force on every verifier.",
    action: "Repeat the same request: it changes nothing further and answers as soon as the change holds everywhere.",
  },
  INTERNAL: {
    status: 500,
    title: "Internal error",
    detail: "The request failed for a reason inside the service.",
    action: "Repeat once. If it fails again, report the `requestId`: the log holds the rest.",
  },
} as const satisfies Record<string, ErrorEntry>);

export type ProblemCode = keyof typeof PROBLEMS;
