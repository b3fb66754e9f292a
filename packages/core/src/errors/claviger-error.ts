import type { RefusalCode } from "../verdict/verdict.ts";
import { type ErrorEntry, PROBLEMS, type ProblemCode } from "./problems.ts";
import { REFUSALS } from "./refusals.ts";

/** Every code that an answer may carry. */
export type ErrorCode = ProblemCode | RefusalCode;

/**
 * The whole catalogue, for documentation and for errors. Where a name is both a problem and a refusal (NOT_FOUND,
 * INSUFFICIENT_SCOPE, UNAVAILABLE) the problem stands here; a refusal becomes an error through `refusalError`.
 */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = Object.freeze({ ...REFUSALS, ...PROBLEMS });

/** One field that is wrong: where it is, as `scopes[2]` or `limits[0].amount`, and why. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface ClavigerErrorOptions {
  /** A public sentence instead of the catalogue's. It must name no secret and nothing of another account. */
  readonly publicDetail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** For the log only; never leaves the process in an answer. */
  readonly internal?: unknown;
  /** Further public members of the problem document; they cannot replace the standard ones. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /** What was caught, for the log only. */
  readonly cause?: unknown;
}

/**
 * The one error that core and server raise for what goes wrong outside the program's own control. Its message and
 * its JSON form are public; `internal` and `cause` are for the log.
 */
export class ClavigerError extends Error {
  override readonly name = "ClavigerError";
  readonly code: ErrorCode;
  /** HTTP status. */
  readonly status: number;
  readonly publicDetail: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly internal: unknown;
  readonly extra: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, options: ClavigerErrorOptions = {}) {
    const entry = ERRORS[code];
    const publicDetail = options.publicDetail ?? entry.detail;
    super(publicDetail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = entry.status;
    this.publicDetail = publicDetail;
    this.errors = options.errors;
    this.internal = options.internal;
    this.extra = options.extra;
  }

  /** The public part: `{ title, status, detail, code, errors? }` and the extra members. */
  toJSON(): Record<string, unknown> {
    return {
      ...this.extra,
      title: ERRORS[this.code].title,
      status: this.status,
      detail: this.publicDetail,
      code: this.code,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

/**
 * A refusal as the error its presenter may see: MALFORMED and NOT_FOUND both become INVALID_TOKEN, the rest keep
 * their code. The true reason is in `internal`.
 */
export function refusalError(refused: RefusalCode, options: ClavigerErrorOptions = {}): ClavigerError {
  return new ClavigerError(REFUSALS[refused].publicCode, { internal: { refused }, ...options });
}
