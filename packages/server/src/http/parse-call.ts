import { hash } from "node:crypto";
import type { Operation } from "@claviger/contract";
import { ClavigerError, containsKey, type FieldError } from "@claviger/core";
import type { z } from "zod";
import type { Idempotency } from "../kernel/idempotency.ts";
import type { Principal } from "../kernel/principal.ts";

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

/** A parameter that is given twice is ambiguous: proxies and servers differ on which one counts. */
export function queryObject(url: URL): Record<string, string> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of url.searchParams) {
    if (name in values) {
      throw new ClavigerError("VALIDATION_FAILED", {
        errors: [{ path: name.slice(0, 100), message: "is given more than once" }],
      });
    }
    values[name] = value;
  }
  return { ...values };
}

/** Present where a POST that writes came with an `Idempotency-Key`. Throws VALIDATION_FAILED for a malformed one. */
export function idempotencyOf(
  operation: Operation,
  principal: Principal,
  header: string | null,
  path: string,
  body: Uint8Array,
): Idempotency | undefined {
  if (operation.method !== "POST" || operation.audit.length === 0 || header === null) return undefined;
  if (principal.kind === "public") return undefined;
  if (!/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "Idempotency-Key", message: "must be 1 to 200 printable characters without spaces" }],
    });
  }
  const fingerprint = hash("sha256", Buffer.concat([Buffer.from(`${operation.method} ${path}\n`), body]), "buffer");
  return { principal: principal.keyId, key: header, fingerprint };
}
