import { heldBackAfter, LAPSE_WINDOW_MS, notVouchedAfter } from "./session-grants.ts";
import type { SessionState } from "./session-state.ts";

/**
 * All sessions of one node, asked together. Each function goes through all of them: ask once after a batch of events, not
 * at each.
 */
type Sessions = Iterable<SessionState>;

/**
 * The highest number that a node may acknowledge in its row: applied here, and nobody under a lease from here acts on
 * what was before it. `epoch` and `applied` are the node's own, `now` its monotonic clock.
 */
export function ackableSeq(sessions: Sessions, epoch: string, applied: number, now: number): number {
  return lowest(sessions, epoch, applied, (session) => heldBackAfter(session, now));
}

/**
 * The highest number for which the node can also vouch that no verifier acts on what was before, not even one that goes
 * on without a lease: see `staleIfUnreachable`. At most what may be acknowledged.
 */
export function vouchedSeq(sessions: Sessions, epoch: string, applied: number, now: number): number {
  return lowest(sessions, epoch, applied, (session) => notVouchedAfter(session, now));
}

function lowest(
  sessions: Sessions,
  epoch: string,
  applied: number,
  settledBy: (session: SessionState) => number,
): number {
  let seq = applied;
  for (const session of sessions) {
    const settled = settledBy(session);
    // Numbers of another epoch say nothing: a session that was not told of this one yet holds back everything.
    seq = Math.min(seq, session.epoch === epoch || settled === Number.POSITIVE_INFINITY ? settled : 0);
  }
  return seq;
}

/** How many verifiers may hold a lease from this node. */
export function countLeased(sessions: Sessions, now: number): number {
  let count = 0;
  for (const session of sessions) if (heldBackAfter(session, now) < Number.POSITIVE_INFINITY) count += 1;
  return count;
}

/** The sessions that hold back the change `seq`. */
export function holdingBack(sessions: Sessions, seq: number, now: number): SessionState[] {
  return [...sessions].filter((session) => heldBackAfter(session, now) < seq);
}

/** When the next lease is surely over, so that more may be acknowledged though nobody says anything; null: none is held. */
export function nextDeadline(sessions: Sessions, now: number): number | null {
  let next: number | null = null;
  for (const { grants } of sessions) {
    for (const { deadline } of grants) if (deadline > now) next = Math.min(next ?? deadline, deadline);
  }
  return next;
}

/**
 * When nobody acts under a lease from here any more, not even who goes on without one; null: nobody does. A node that
 * stops keeps its row until then, or lets it lapse: a row that is gone says that nobody acts under it.
 */
export function lastDeadline(sessions: Sessions, now: number): number | null {
  let last: number | null = null;
  for (const { grants } of sessions) {
    for (const { staleUntil } of grants) if (staleUntil > now) last = Math.max(last ?? staleUntil, staleUntil);
  }
  return last;
}

/** Lapses of late of all sessions of a credential, so that a new session is no way out of the old one's record. */
export function recentLapses(sessions: Sessions, credential: string, now: number): number {
  let count = 0;
  for (const session of sessions) {
    if (session.credential !== credential) continue;
    for (const at of session.lapses) if (now - at < LAPSE_WINDOW_MS) count += 1;
  }
  return count;
}

/** Whether nothing is lost by forgetting this session: nobody is there, nothing is held, nothing is held against it. */
export function isForgettable(session: SessionState, now: number): boolean {
  if (session.connection !== null || session.grants.some(({ staleUntil }) => staleUntil > now)) return false;
  return session.lapses.every((at) => now - at >= LAPSE_WINDOW_MS);
}
