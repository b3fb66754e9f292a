/**
 * Verification: the hot path. A presented string is looked up in memory, else in the database, and decided by core.
 *
 * Invariants: nothing is accepted without the node's own valid lease at that moment; a record read from the database counts only if no later
 * change touched it; a string that is no genuine key of ours never reaches the database; a management key is never a caller's key.
 */
export { createKeySource, type KeySource, LONGEST_KEY } from "./key-source.ts";
export { MANAGEMENT_ENVIRONMENT } from "./load-entry.ts";
export { createNoteUse, noting } from "./noting.ts";
export { createOwnVerifier } from "./own-verifier.ts";
export { ServiceLogs } from "./service-logs.ts";
export type { KeyMemory, Terms } from "./terms.ts";
export { verificationRoutes } from "./verification.api.ts";
export { type Check, createVerifyKey, type Outcome, type VerifyKey } from "./verify-key.ts";
