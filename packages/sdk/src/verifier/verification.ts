import type { RefusalCode, RefusedKey } from "@claviger/core";

export type {
  LimitStanding,
  RefusedKey,
  ShownVerdict as Verification,
  VerificationRequest,
  VerifiedKey,
} from "@claviger/core";

/** A refusal of no key in particular. */
export function refusedAs(code: RefusalCode): RefusedKey {
  return { valid: false, code };
}
