import { CLOCK_DRIFT, type Moment, RENEWALS_PER_TERM, usableSpan, withinSpan } from "../coherence/moment.ts";
import type { RecentInvalidations } from "../coherence/recent-invalidations.ts";
import { notUnderstood } from "./conditions.ts";
import type { VerifierGrant, VerifierState } from "./verifier-state.ts";
import type { DenyReason } from "./wire.ts";

/** Taken off each lease: more than the grain of any clock. */
export const LEASE_MARGIN_MS = 2;

/** A wall clock read in whole milliseconds is up to this late. */
const CLOCK_GRAIN_MS = 1;

/**
 * `leased`: it may decide on what it holds. `stale`: nobody can be reached, and it was allowed to go on for a while; a
 * verdict says so. `none`: it decides on nothing that it holds.
 */
export type Standing = "leased" | "stale" | "none";

/** What it may do at `now`, which must have been read from both clocks just before, in the same synchronous block. */
export function standingOf(state: VerifierState, now: Moment): Standing {
  const { lease } = state;
  if (lease === null) return "none";
  if (isWithin(lease, now)) return "leased";
  if (lease.staleMs === 0 || !isUnreachable(state, now)) return "none";
  return withinSpan(lease.t0, now, spanOf(lease) + usableSpan(lease.staleMs)) ? "stale" : "none";
}

/** Milliseconds until the lease ends by the first of the two clocks, if nothing renews it; 0 without one. */
export function verifierLeaseMsLeft({ lease }: VerifierState, now: Moment): number {
  if (lease === null || !isWithin(lease, now)) return 0;
  return spanOf(lease) - Math.max(now.mono - lease.t0.mono, now.wall - lease.t0.wall);
}

export function isWithin(lease: VerifierGrant, now: Moment): boolean {
  return withinSpan(lease.t0, now, spanOf(lease));
}

/** When the lease ends by the monotonic clock. */
export function endOf(lease: VerifierGrant): number {
  return lease.t0.mono + spanOf(lease);
}

function spanOf(lease: VerifierGrant): number {
  return usableSpan(lease.termMs) - LEASE_MARGIN_MS;
}

/** Reasons that are the node's own: to the verifier they are as if it could not be reached. */
const NODES_OWN: ReadonlySet<DenyReason> = new Set<DenyReason>(["no-lease", "behind", "other-epoch"]);

function isUnreachable(state: VerifierState, now: Moment): boolean {
  // Whoever was denied for what it did itself has been reached, however the connection has gone since.
  if (state.denied !== null && !NODES_OWN.has(state.denied)) return false;
  if (state.phase === "closed") return false;
  if (state.phase !== "following" || state.denied !== null) return true;
  const oldest = state.renewals[0];
  return oldest !== undefined && now.mono - oldest.t0.mono >= state.options.termMs / RENEWALS_PER_TERM;
}

/**
 * Whether the two clocks have run apart by more than a tenth of the term since this lease began, so that it should be
 * renewed at once: send `tick`.
 */
export function verifierClocksDisagree({ lease }: Pick<VerifierState, "lease">, now: Moment): boolean {
  if (lease === null) return false;
  const apart = now.mono - lease.t0.mono - (now.wall - lease.t0.wall);
  return Math.abs(apart) > lease.termMs * CLOCK_DRIFT;
}

/**
 * The time to decide expiry by, in milliseconds since the epoch; null before a node was reached. Its own wall clock does
 * not matter, whether it is ahead or behind: it is the node's at the last grant, and what has passed here since the RENEW
 * was sent, by the clock that says more. That is counted as if the clocks differed as much as they may, so it is never
 * earlier than the node's clock: nothing is accepted late, and something may be refused early by two ninths of the age
 * of the grant.
 */
export function decisionTime({ time }: VerifierState, now: Moment): number | null {
  if (time === null) return null;
  const passed = Math.max(now.mono - time.at.mono, now.wall - time.at.wall, 0);
  return time.serverTime + CLOCK_GRAIN_MS + (passed * (1 + CLOCK_DRIFT)) / (1 - CLOCK_DRIFT);
}

/** What came in answer to a look-up, and how it was asked for. */
export interface Fill {
  /** The state's `generation` when the LOOKUP was sent. */
  readonly generation: number;
  readonly asOfSeq: number;
  readonly subjects: readonly string[];
  readonly conditions: readonly string[];
  /** Whether the LOOKUP was sent after the verification that wants it had begun. */
  readonly own: boolean;
}

/**
 * - `keep`: it may be kept, and be decided on like anything that is held.
 * - `use-once`: decide on it for the verification that asked, and forget it.
 * - `again`: something has changed meanwhile: ask anew.
 * - `ask`: it has a condition that is not understood here: ask for the verdict.
 * - `none`: decide nothing.
 */
export type FillVerdict = "keep" | "use-once" | "again" | "ask" | "none";

/**
 * What may be done with a record that has just arrived. `now` was read after its arrival. The age of a record is decided
 * by its subjects: it is used only if no change after `asOfSeq` that was heard of touched one of them.
 */
export function fillVerdict(
  state: VerifierState,
  fill: Fill,
  recent: Pick<RecentInvalidations, "touchedSince">,
  now: Moment,
): FillVerdict {
  if (state.phase === "closed") return "none";
  if (notUnderstood(fill.conditions, state.options.understands).length > 0) return "ask";
  if (fill.generation !== state.generation) return "again";
  if (recent.touchedSince(fill.asOfSeq, fill.subjects) !== "untouched") return "again";
  if (standingOf(state, now) === "leased") return "keep";
  // The row was read after the verification began, so it holds all that had been confirmed by then.
  return fill.own ? "use-once" : "none";
}

/**
 * Whether a verification that begins at `now` may wait for the answer to a look-up that was sent before. Without a lease
 * it must send its own: something may have been taken away since that one was answered.
 */
export function mayJoinLookup(state: VerifierState, generation: number, now: Moment): boolean {
  return generation === state.generation && standingOf(state, now) === "leased";
}
