import { ClavigerError } from "@claviger/core";
import type { ManagementPrincipal } from "../../kernel/principal.ts";

/** A credential bound to an environment verifies for it alone; an unbound one must say which (B4). */
export function environmentFor(principal: ManagementPrincipal, asked: string | undefined, path: string): string {
  const { environment: bound } = principal;
  if (bound === null && asked === undefined) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path, message: "is required, because the credential is bound to none" }],
    });
  }
  if (bound !== null && asked !== undefined && asked !== bound) {
    throw new ClavigerError("FORBIDDEN", { publicDetail: "The credential is bound to another environment." });
  }
  return bound ?? asked ?? "";
}
