/**
 * Verifiers: whoever verifies in a process that is no node, under a lease from a node. The words of the protocol, what a
 * verifier may do and when, and what a node keeps of each. And a verification from memory, from the presented string to
 * the verdict, which nodes and verifiers have in common. Nothing here reads a clock or does I/O.
 */
export { CONDITIONS, type Condition, conditionsOf, notUnderstood } from "./conditions.ts";
export { parseNodeMessage } from "./parse-node-message.ts";
export { parseVerifierMessage } from "./parse-verifier-message.ts";
export type { NodeView, SessionEffect, SessionEvent, SessionGrant, SessionState } from "./session-state.ts";
export {
  ackableSeq,
  countLeased,
  holdingBack,
  isForgettable,
  lastDeadline,
  nextDeadline,
  recentLapses,
  vouchedSeq,
} from "./sessions.ts";
export { nextTickAt, stepVerifier } from "./verifier-lease.ts";
export { openSession, stepSession } from "./verifier-session.ts";
export {
  decisionTime,
  type Fill,
  type FillVerdict,
  fillVerdict,
  LEASE_MARGIN_MS,
  mayJoinLookup,
  type Standing,
  standingOf,
  verifierClocksDisagree,
  verifierLeaseMsLeft,
} from "./verifier-standing.ts";
export {
  type Delivered,
  newVerifier,
  type VerifierDropReason,
  type VerifierEffect,
  type VerifierEvent,
  type VerifierGrant,
  type VerifierOptions,
  type VerifierState,
} from "./verifier-state.ts";
export {
  type Lack,
  type Spent,
  unknownKey,
  type Verification,
  type VerifyPorts,
  verifyFromMemory,
} from "./verify-from-memory.ts";
export {
  type CatalogueSource,
  DENY_REASONS,
  type DenyReason,
  type Hello,
  type LookupOutcome,
  type NodeMessage,
  type ParsedMessage,
  PROTOCOL_VERSIONS,
  type RecordAnswer,
  type VerifierEntry,
  type VerifierMessage,
  type VerifierSettings,
  WIRE_LIMITS,
  type WireError,
} from "./wire.ts";
