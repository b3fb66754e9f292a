import { hash } from "node:crypto";
import type { Operation } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import type { Idempotency } from "../kernel/idempotency.ts";
import type { Principal } from "../kernel/principal.ts";

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
