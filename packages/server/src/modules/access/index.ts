/**
 * Access: who a request comes from. Management credentials and holders of keys now; sessions of portal and console join them later.
 *
 * Invariants: a management key is never a customer's key and the other way round; what is no genuine secret learns nothing, neither in body, headers
 * nor status.
 */
export { type AccessPorts, authenticateHolder, authenticateManagement, peekManagement } from "./authenticate.ts";
export { createFailedAttempts } from "./failed-attempts.ts";
