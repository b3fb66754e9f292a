/**
 * Who must learn of a change, and by when: the pure half of coherence. A node's own lease, the watching of other nodes'
 * rows, the decision of one barrier, and what was invalidated lately. Nothing here reads a clock or does I/O.
 *
 * Invariants: a lease ends for its holder before it ends for any observer; an acknowledged change is applied; what is
 * applied never falls within an epoch.
 */
export {
  type BarrierDecision,
  type BarrierView,
  type BarrierWaiter,
  decideBarrier,
  newBarrierWaiter,
  type OwnSight,
} from "./barrier.ts";
export { type EpochSighting, epochName, seeEpoch, unsettledEpoch } from "./epoch.ts";
export { CLOCK_DRIFT, type Moment, RENEWALS_PER_TERM, usableSpan, waitingSpan, withinSpan } from "./moment.ts";
export {
  clocksDisagree,
  type DropReason,
  type JoinedLease,
  leaseMsLeft,
  leaseValid,
  type NodeLease,
  type NodeLeaseEffect,
  type NodeLeaseEvent,
  newNodeLease,
  stepNodeLease,
} from "./node-lease.ts";
export {
  deadAt,
  isDead,
  isRemovable,
  type NodeRow,
  newObserver,
  type ObserverState,
  observe,
  type Reading,
  unchangedMs,
  type Watched,
} from "./observer.ts";
export { createRecentInvalidations, type RecentInvalidations, type Touched } from "./recent-invalidations.ts";
