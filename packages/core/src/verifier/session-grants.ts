import { RENEWALS_PER_TERM, waitingSpan } from "../coherence/moment.ts";
import type { SessionEffect, SessionGrant, SessionState } from "./session-state.ts";

/** Grants of different numbers remembered at most; more are taken together to what holds back more. */
const GRANTS_KEPT = 16;
/** How long a lapse is remembered. */
export const LAPSE_WINDOW_MS = 600_000;
const LAPSES_KEPT = 16;
/** The deadline of a lease that was seen to be over. */
const OVER = Number.NEGATIVE_INFINITY;

/**
 * The changes that this session lets the node acknowledge, as the highest number: each lease that is not surely over
 * holds back those after its own number that were not acknowledged. Infinity: it holds nothing back.
 */
export function heldBackAfter(state: SessionState, now: number): number {
  return lowest(state, ({ deadline }) => deadline > now);
}

/** The same for what verifiers may go on with where nobody can be reached. */
export function notVouchedAfter(state: SessionState, now: number): number {
  return lowest(state, ({ staleUntil }) => staleUntil > now);
}

function lowest(state: SessionState, counts: (grant: SessionGrant) => boolean): number {
  let seq = Number.POSITIVE_INFINITY;
  for (const grant of state.grants) if (counts(grant)) seq = Math.min(seq, settledBy(state, grant));
  return seq;
}

/** Up to where the holder of this grant cannot act on what was before. */
function settledBy({ acked }: SessionState, { seq, orphaned }: SessionGrant): number {
  return orphaned ? seq : Math.max(seq, acked);
}

/** Adds a lease that begins `now`. Never shortens what was granted before. */
export function withGrant(
  state: SessionState,
  seq: number,
  termMs: number,
  staleMs: number,
  now: number,
): SessionState {
  const deadline = now + waitingSpan(termMs);
  const grant: SessionGrant = { seq, deadline, staleUntil: deadline + waitingSpan(staleMs), orphaned: false };
  const grants = state.grants.filter(({ staleUntil }) => staleUntil > now);
  const last = grants.at(-1);
  if (last !== undefined && !last.orphaned && last.seq === seq) {
    return { ...state, grants: [...grants.slice(0, -1), together(last, grant)] };
  }
  const [first, second, ...rest] = [...grants, grant];
  if (first === undefined || second === undefined || rest.length < GRANTS_KEPT - 1) {
    return { ...state, grants: [...grants, grant] };
  }
  return { ...state, grants: [together(first, second), ...rest] };
}

function together(a: SessionGrant, b: SessionGrant): SessionGrant {
  return {
    seq: Math.min(a.seq, b.seq),
    deadline: Math.max(a.deadline, b.deadline),
    staleUntil: Math.max(a.staleUntil, b.staleUntil),
    orphaned: a.orphaned || b.orphaned,
  };
}

/** Whoever speaks for the session now does not know what it did before: what was granted before stands to its end. */
export function withOrphanedGrants(state: SessionState): SessionState {
  const grants = state.grants.map((grant) => ({ ...grant, seq: settledBy(state, grant), orphaned: true }));
  return { ...state, grants };
}

/** Numbers begin anew, so no grant of before says that anything after it is applied. */
export function withGrantsOfAnotherEpoch(state: SessionState): SessionState {
  return { ...state, grants: state.grants.map((grant) => ({ ...grant, seq: 0 })) };
}

/** Gives up leases that are over, and notes where one held back a change to its very end. */
export function withoutEndedGrants(
  state: SessionState,
  now: number,
): readonly [SessionState, readonly SessionEffect[]] {
  const ended = state.grants.filter(({ deadline }) => deadline <= now && deadline > OVER);
  if (ended.length === 0) return [state, []];
  const lapsed = ended.filter((grant) => heldToItsEnd(state, grant));
  // What its holder may go on with where nobody can be reached is remembered for longer than the lease.
  const grants = state.grants.flatMap((grant) => {
    if (grant.deadline > now) return [grant];
    return grant.staleUntil > now ? [{ ...grant, deadline: OVER }] : [];
  });
  // Several leases that run out one after the other, without a word in between, are one lapse.
  if (lapsed.length === 0 || state.silent) return [{ ...state, grants }, []];
  const lapses = [...state.lapses, now].filter((at) => now - at < LAPSE_WINDOW_MS).slice(-LAPSES_KEPT);
  const seq = Math.min(...lapsed.map((grant) => settledBy(state, grant)));
  return [{ ...state, grants, lapses, silent: true }, [{ kind: "lapsed", seq }]];
}

/** A change that came in the last moments of a lease was not held up by it. */
function heldToItsEnd(state: SessionState, grant: SessionGrant): boolean {
  if (state.owesSince === null || settledBy(state, grant) >= state.known) return false;
  return grant.deadline - state.owesSince >= state.termMs / RENEWALS_PER_TERM;
}
