/**
 * Verifiers: whoever verifies in a process that is no node, under a lease from a node. The words of the protocol, what a
 * verifier may do and when, and what a node keeps of each. Nothing here reads a clock or does I/O.
 *
 * Whoever carries out a verifier (`newVerifier`, `stepVerifier`) keeps to this:
 * - step and effects are one synchronous block, effects in their order; `at` is read from both clocks just before;
 * - a verification is one synchronous block too: hash, fresh `Moment`, `standingOf`, look-up, decide by `decisionTime`;
 * - with each LOOKUP, CATALOGUE and SETTINGS it remembers `generation`, and asks `fillVerdict` before using the answer
 *   (the subjects of a catalogue and of settings are `catalogue` and `keyring`); open ones fail with their connection;
 * - `tick` at `nextTickAt`, and when `verifierClocksDisagree`; frames in the order of their arrival, unparsable ones as
 *   `unreadable`; a session's name belongs to one process and thread, and is never used again.
 *
 * Whoever carries out sessions (`openSession`, `stepSession`) keeps to this:
 * - a change is told (`applied`) in the block in which the node has applied it, a drop of everything (`resync`) likewise;
 * - `NodeView` is read afresh for each event: `leaseMsLeft` of the node's own lease at `now`, 0 without one;
 * - the node's row acknowledges `ackableSeq`, and its barrier takes that for its own number;
 * - no RECORD without the node's own lease, read after the answer; `asOfSeq` comes from the statement that read the row;
 * - a session is forgotten only when `isForgettable`; the row is removed only when `lastDeadline` is null;
 * - the row's `maxStaleMs` is committed before `NodeView` has it.
 */
export type {
  BudgetBody,
  ClaimAct,
  DivideAct,
  HolderAct,
  LentPart,
  SpendBody,
  TakeAct,
  WireBlock,
} from "./budget-wire.ts";
export { CONDITIONS, type Condition, conditionsOf, notUnderstood } from "./conditions.ts";
export { FOREIGN_KEY_LENGTH, mayBeForeign, UnknownKeys } from "./foreign-keys.ts";
export { lentStores } from "./lent-stores.ts";
export { mayFreeze } from "./may-freeze.ts";
export { OLD_FORMS, oldForms, parseOldForm } from "./old-forms.ts";
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
export { refusedAlone, type ShownStanding, showVerdict, useOfVerdict } from "./show-verdict.ts";
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
  type Ack,
  type CatalogueSource,
  DENY_REASONS,
  type DenyReason,
  type Hello,
  type Lookup,
  type LookupOutcome,
  type NodeMessage,
  type ParsedMessage,
  PROTOCOL_VERSIONS,
  type RecordAnswer,
  type Renew,
  type Spend,
  type Usage,
  type VerifierEntry,
  type VerifierMessage,
  type VerifierSettings,
  WIRE_LIMITS,
  type WireError,
} from "./wire.ts";
