import pg from "pg";
import { UncertainCommitError } from "./uncertain-commit.ts";

const UNIQUE = "23505";
const FOREIGN_KEY = "23503";

/** True when a statement failed because a row with the same unique value exists; `constraint` narrows which. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return violates(error, UNIQUE, constraint);
}

/** True when a statement failed because it names a row that does not exist. */
export function isForeignKeyViolation(error: unknown, constraint?: string): boolean {
  return violates(error, FOREIGN_KEY, constraint);
}

function violates(error: unknown, code: string, constraint: string | undefined): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === code &&
    (constraint === undefined || error.constraint === constraint)
  );
}

/**
 * True when PostgreSQL cannot hold a value, such as text with NUL or a number beyond its type. The contract's bounds refuse these before;
 * this is for the one that they forget.
 */
export function isUnstorable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code?.startsWith("22") === true;
}

/** Of connections, of resources, of a server that stops; and of transactions that were undone because of others, as in a deadlock. */
const PASSING_CLASSES = ["08", "53", "57P", "40"];
const CONNECTION_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Cut because it took too long, or undone because of others. */
const HELD_UP = new Set(["57014", "55P03", "40001", "40P01"]);

/**
 * True when a statement waited in vain for what others hold, or was undone because of them: what else there is to do may well succeed. Each
 * of these is `isUnavailable` as well.
 */
export function isHeldUp(error: unknown): boolean {
  return error instanceof pg.DatabaseError && HELD_UP.has(error.code ?? "");
}

/**
 * True when the database could not be reached, is starting or stopping, has no connection left, cut the statement, undid it because of
 * others, or cannot vouch for a commit: the caller may try again. A fault of our own statement is not.
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof UncertainCommitError) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (error instanceof pg.DatabaseError) {
    return (
      PASSING_CLASSES.some((start) => code.startsWith(start)) ||
      code === "57014" ||
      code === "25P03" ||
      code === "55P03"
    );
  }
  return (
    CONNECTION_CODES.has(code) ||
    /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(error.message)
  );
}
