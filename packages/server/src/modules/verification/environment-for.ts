import { ClavigerError } from "@claviger/core";
import type { ManagementPrincipal } from "../../kernel/principal.ts";

/**
 * A credential bound to an environment verifies for it alone; an unbound one must say which (B4). `index` is the check's place in a
 * batch. Throws VALIDATION_FAILED or FORBIDDEN.
 */
export function environmentFor(principal: ManagementPrincipal, asked: string | undefined, index?: number): string {
  const { environment: bound } = principal;
  if (bound === null && asked === undefined) {
    const path = index === undefined ? "environment" : `checks[${index}].environment`;
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path, message: "is required, because the credential is bound to none" }],
    });
  }
  if (bound !== null && asked !== undefined && asked !== bound) {
    throw new ClavigerError("FORBIDDEN", { publicDetail: "The credential is bound to another environment." });
  }
  return bound ?? asked ?? "";
}
