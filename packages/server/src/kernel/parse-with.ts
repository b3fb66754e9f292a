import { ClavigerError, containsKey, type FieldError } from "@claviger/core";
import type { z } from "zod";

/** A request can be wrong in more places than anybody reads. */
const MOST_ERRORS = 50;

/** Parses with one of the contract's schemas; every fault is named by its path. Throws VALIDATION_FAILED. */
export function parseWith(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: result.error.issues.flatMap(fieldErrors).slice(0, MOST_ERRORS),
  });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, containsKey(key) ? "…" : key.slice(0, 100)]),
      message: "is not a field of this request",
    }));
  }
  return [{ path: pathText(issue.path), message: issue.message }];
}

/** `scopes[2]`, `limits[0].amount`. */
function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}
