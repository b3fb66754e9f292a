import { ClavigerError } from "@claviger/core";

/**
 * A cursor is where the last page ended: the sort values of its last row, and the sort itself so that it cannot be
 * used with another. It is opaque to callers and carries nothing they have not seen.
 */
export interface Cursor {
  readonly sort: string;
  readonly values: readonly (string | number | null)[];
}

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.sort, ...cursor.values])).toString("base64url");
}

/** Throws INVALID_CURSOR for anything that this sort did not write. `kinds` says what each value must be. */
export function readCursor(text: string, sort: string, kinds: readonly CursorKind[]): Cursor["values"] {
  const parsed = parse(text);
  if (!Array.isArray(parsed) || parsed[0] !== sort || parsed.length !== kinds.length + 1) {
    throw new ClavigerError("INVALID_CURSOR");
  }
  const values = parsed.slice(1) as unknown[];
  for (const [index, kind] of kinds.entries())
    if (!fits(values[index], kind)) throw new ClavigerError("INVALID_CURSOR");
  return values as Cursor["values"];
}

/** What a sort value must be; `time?` is an ISO time in UTC or null. */
export type CursorKind = "string" | "number" | "string?" | "time?";

/** Characters of one value: what a template of a route has at most, a verifier's too. */
const LONGEST_TEXT = 512;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function fits(value: unknown, kind: CursorKind): boolean {
  if (kind === "number") return Number.isSafeInteger(value);
  if (value === null) return kind !== "string";
  if (typeof value !== "string" || value.length > LONGEST_TEXT || !isText(value)) return false;
  return kind !== "time?" || (TIME.test(value) && !Number.isNaN(Date.parse(value)));
}

/** What the database can hold. */
function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes("\u0000");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
