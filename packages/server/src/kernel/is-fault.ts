import { ClavigerError } from "@claviger/core";
import { isUnstorable } from "../db/index.ts";

const FAULT = 500;

/** Whether an error is a failure, and not an answer below 500 to whoever asked for what cannot be. */
export function isFault(error: unknown): boolean {
  return error instanceof ClavigerError ? error.status >= FAULT : !isUnstorable(error);
}
