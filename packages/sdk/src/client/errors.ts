import type { FieldError } from "@claviger/core";

/** What Claviger answered an operation with, where that is a refusal or a failure (RFC 9457). It holds no secret. */
export class ClavigerApiError extends Error {
  override readonly name = "ClavigerApiError";
  /** The operation, such as `keys.revoke`. */
  readonly operation: string;
  /** HTTP status. */
  readonly status: number;
  /** A code of docs/reference/errors.md; `NOT_A_PROBLEM` where something else answered, such as a proxy. */
  readonly code: string;
  /** For Claviger's operator, who finds it in the log. */
  readonly requestId: string | undefined;
  /** The fields that are wrong, with VALIDATION_FAILED and GRANT_EXCEEDED. */
  readonly errors: readonly FieldError[];
  /** Milliseconds after which the same request may be answered otherwise, where that was said. */
  readonly retryAfterMs: number | undefined;
  /** The whole problem document; some codes say more, such as the `seq` of BARRIER_UNCONFIRMED. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(operation: string, status: number, problem: Readonly<Record<string, unknown>>, retryAfterMs?: number) {
    const code = typeof problem.code === "string" ? problem.code : "NOT_A_PROBLEM";
    const detail = typeof problem.detail === "string" ? `: ${problem.detail}` : "";
    super(`${operation} was answered ${status} ${code}${detail}`);
    this.operation = operation;
    this.status = status;
    this.code = code;
    this.requestId = typeof problem.requestId === "string" ? problem.requestId : undefined;
    this.errors = Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : [];
    this.retryAfterMs = retryAfterMs;
    this.problem = problem;
  }
}

/**
 * An operation got no answer that can be read: `TIMEOUT`, `CONNECTION`, or `NOT_JSON`. Whether it was carried out is not known, unless it
 * only reads. It holds no secret.
 */
export class ClavigerConnectionError extends Error {
  override readonly name = "ClavigerConnectionError";
  readonly operation: string;
  readonly code: "TIMEOUT" | "CONNECTION" | "NOT_JSON";

  constructor(operation: string, code: ClavigerConnectionError["code"], reason: string) {
    super(`${operation} got no answer: ${reason}`);
    this.operation = operation;
    this.code = code;
  }
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "message" in value &&
    typeof value.message === "string"
  );
}
