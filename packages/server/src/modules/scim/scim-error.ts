import { ClavigerError } from "@claviger/core";

/** Kinds of faults that the standard names (RFC 7644, table 9). */
export type ScimType = "invalidFilter" | "invalidSyntax" | "invalidPath" | "invalidValue" | "mutability";

/** The detail is shown; it quotes nothing of what was sent. */
export function scimFault(scimType: ScimType, detail: string): ClavigerError {
  return new ClavigerError("VALIDATION_FAILED", { publicDetail: detail, extra: { scimType } });
}
