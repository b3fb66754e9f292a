/**
 * The change log: what everybody who caches must hear of.
 *
 * Nouns: a change has a number, a kind (`narrow` takes something away, `widen` gives) and the subjects it touches.
 * Invariants: numbers have no holes and come in the order of commits, because the head row is locked from the taking of a
 * number until commit. Every transaction that changes what verification reads takes a number; a trigger sees to it.
 * Events out: NOTIFY `claviger_change` with the number, at commit; it only wakes, and may be lost.
 */
export {
  CHANGE_CHANNEL,
  changesAfter,
  changesAfterSql,
  currentSeq,
  type LoggedChange,
  lockedSeq,
  logChange,
  parseChanges,
} from "./changes.store.ts";
export { hasGap } from "./gap.ts";
export { isReachable } from "./is-reachable.ts";
export { createOwnChanges, type OwnChanges } from "./own-changes.ts";
export { trimChanges } from "./trim-changes.ts";
