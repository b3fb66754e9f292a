import {
  ackableSeq,
  createRecentInvalidations,
  decideBarrier,
  decisionTime,
  fillVerdict,
  leaseMsLeft,
  leaseValid,
  mayJoinLookup,
  observe,
  openSession,
  standingOf,
  stepNodeLease,
  stepSession,
  stepVerifier,
} from "@claviger/core";
import { hasGap } from "../../../server/src/modules/changes/gap.ts";

/**
 * The functions that the simulated processes run: those of the product, one and all. A mutant is the same with one of
 * them wrapped, or with one of the mistakes below made by those who carry the machines out.
 */
export interface Rules {
  readonly stepNodeLease: typeof stepNodeLease;
  readonly leaseValid: typeof leaseValid;
  readonly leaseMsLeft: typeof leaseMsLeft;
  readonly observe: typeof observe;
  readonly decideBarrier: typeof decideBarrier;
  readonly hasGap: typeof hasGap;
  readonly openSession: typeof openSession;
  readonly stepSession: typeof stepSession;
  readonly ackableSeq: typeof ackableSeq;
  readonly createRing: typeof createRecentInvalidations;
  readonly stepVerifier: typeof stepVerifier;
  readonly standingOf: typeof standingOf;
  readonly decisionTime: typeof decisionTime;
  readonly fillVerdict: typeof fillVerdict;
  readonly mayJoinLookup: typeof mayJoinLookup;
  readonly mistakes: Readonly<Partial<Record<Mistake, true>>>;
}

/** What goes wrong beside the state machines. */
export type Mistake =
  /** The node acknowledges what it has read, and applies it a moment later. */
  | "acks-before-apply"
  /** A verifier acknowledges, and drops a moment later. */
  | "verifier-acks-before-apply"
  /** A node counts its lease from when it has it. */
  | "counted-from-receipt"
  /** The head is read, and the token written after it. */
  | "head-before-token"
  /** A node forgets a session with its connection. */
  | "session-dropped-on-disconnect"
  /** A node that starts anew takes over the row of its former self. */
  | "row-reused"
  /** A verification uses the clocks as they were read some time ago. */
  | "remembered-clock"
  /** A record counts as of what is applied when it arrives. */
  | "as-of-receipt"
  /** Rows are read from the standby, and the head from the primary. */
  | "row-from-replica"
  /** A dead row is removed whatever token it holds. */
  | "blind-reaping"
  /** The barrier takes a list from before the commit. */
  | "listed-before-commit"
  /** The barrier takes for dead what looked dead before the commit. */
  | "observed-before-commit"
  /** A repeated act answers what the first one would have. */
  | "stored-effective"
  /** Budgets outlive the change of the plan that they were given under. */
  | "budget-kept"
  /** What a verifier missed is told from what is known, however little that is. */
  | "missed-below-floor"
  /** A verifier that comes back to a node believes its number, though it has applied more. */
  | "snapshot-regression";

export const RULES: Rules = Object.freeze({
  stepNodeLease,
  leaseValid,
  leaseMsLeft,
  observe,
  decideBarrier,
  hasGap,
  openSession,
  stepSession,
  ackableSeq,
  createRing: createRecentInvalidations,
  stepVerifier,
  standingOf,
  decisionTime,
  fillVerdict,
  mayJoinLookup,
  mistakes: Object.freeze({}),
});
