export type { GuardOptions, KeyOf, VerifierSource } from "./middleware/guard-options.ts";
export { createVerifier } from "./verifier/create-verifier.ts";
export type {
  LimitStanding,
  RefusedKey,
  Verification,
  VerificationRequest,
  VerifiedKey,
} from "./verifier/verification.ts";
export type { Observer, Verifier, VerifierOptions, WouldRefuse } from "./verifier/verifier.ts";
