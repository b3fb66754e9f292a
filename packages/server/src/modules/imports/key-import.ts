import type { FieldError } from "@claviger/core";

/** An import: its lines become keys in slices, and it says how far it is. */
export interface KeyImport {
  readonly id: string;
  readonly state: "open" | "done";
  /** So many lines are dealt with. */
  readonly lines: number;
  readonly imported: number;
  /** Lines of keys that were there already. */
  readonly known: number;
  readonly failed: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface LineError extends FieldError {
  readonly line: number;
}

/** Faults that are kept of an import; more are counted. */
export const MOST_ERRORS = 10_000;
