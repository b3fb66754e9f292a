export type { ActOptions, Authorized, CallOptions, ConditionalOptions, ProxiedRequest } from "./client/call.ts";
export { Claviger, type ClavigerOptions } from "./client/claviger.ts";
export { ClavigerApiError, ClavigerConnectionError } from "./client/errors.ts";
export type { Page, Pages } from "./client/pages.ts";
export type { components } from "./generated/schema.ts";
export { createGuard, type Facts, type Guard, type Passage } from "./middleware/guard.ts";
export type { GuardOptions, KeyOf, VerifierSource } from "./middleware/guard-options.ts";
export { createVerifier } from "./verifier/create-verifier.ts";
export type {
  LimitStanding,
  RefusedKey,
  Verification,
  VerificationRequest,
  VerifiedKey,
} from "./verifier/verification.ts";
export type { Observer, Verifier, VerifierOptions, WarmUpStore, WouldRefuse } from "./verifier/verifier.ts";
