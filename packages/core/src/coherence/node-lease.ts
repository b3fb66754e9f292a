/**
 * A node's own lease, as a state machine without clock and without I/O.
 *
 * States
 * - `out`      No row, no lease, nothing cached may be used. Left by `join-started`.
 * - `joining`  A row of a fresh incarnation was sent, maybe written. No lease. The row is never one of an earlier start.
 * - `in`       The row was written by this incarnation. Everything up to `applied` is visible to verification. There is a
 *              lease while `leaseValid` says so; renewals go on whether there is one or not.
 * - `stopped`  The lease was given back for good. No event leaves it.
 *
 * A renewal is three events in this order: `renewal-started` carries the clocks from before anything was sent;
 * `renewal-committed` the number of rows that the compare-and-set of the token changed; `head-read` what a later
 * statement read. The order makes the lease safe: whoever commits change S and then lists the rows either sees the token
 * of this renewal, and waits for its term, or the head read here is at least S, and the term waits for S to be applied.
 *
 * Moves
 * - zero rows changed                       → `out`: somebody fenced or removed the row
 * - another epoch, or a head below applied  → `out`: the database is not the one that this node followed
 * - a failed renewal                        → nothing: the earlier deadline stands, and the row may hold either token
 * - `applied` reaches the head of a renewal → its term becomes usable, until t0 + term · (1 − ρ)
 */
import { CLOCK_DRIFT, type Moment, usableSpan, withinSpan } from "./moment.ts";

/** A renewal under way. `appliedThen` is what was applied before the head was asked for; the head can not be below it. */
interface Renewal {
  readonly step: "sent" | "committed";
  readonly token: string;
  readonly t0: Moment;
  readonly appliedThen: number;
}

/** A renewal that is through but for changes not yet applied. */
interface Grant {
  readonly t0: Moment;
  readonly head: number;
}

export type NodeLease =
  | { readonly phase: "out"; readonly termMs: number }
  | { readonly phase: "joining"; readonly termMs: number; readonly incarnation: string; readonly renewal: Renewal }
  | JoinedLease
  | { readonly phase: "stopped"; readonly termMs: number };

export interface JoinedLease {
  readonly phase: "in";
  readonly termMs: number;
  readonly incarnation: string;
  readonly epoch: string;
  readonly applied: number;
  /** What the row's token may be: the last one known to be written, then those of renewals whose outcome is unknown. */
  readonly tokens: readonly string[];
  readonly renewal: Renewal | null;
  readonly waiting: readonly Grant[];
  /** The clocks from before the newest usable renewal was sent. */
  readonly leasedFrom: Moment;
}

export type NodeLeaseEvent =
  | { readonly kind: "join-started"; readonly at: Moment; readonly incarnation: string; readonly token: string }
  | { readonly kind: "renewal-started"; readonly at: Moment; readonly token: string }
  | { readonly kind: "renewal-committed"; readonly token: string; readonly rows: number }
  | { readonly kind: "renewal-failed"; readonly token: string }
  | { readonly kind: "head-read"; readonly token: string; readonly head: number; readonly epoch: string }
  /** A read of the log began when `appliedThen` was applied in `incarnation`, and saw this head and epoch. */
  | {
      readonly kind: "log-read";
      readonly incarnation: string;
      readonly appliedThen: number;
      readonly head: number;
      readonly epoch: string;
    }
  /** Everything up to `seq` is visible to verification: sent after it is so, never before. */
  | { readonly kind: "applied"; readonly seq: number }
  /** The log up to `head` can not be followed entry by entry: it has a hole, or an entry nobody here understands. */
  | { readonly kind: "log-broken"; readonly head: number }
  | { readonly kind: "stopped" };

export type DropReason = "joined" | "row-lost" | "epoch-changed" | "head-fell" | "log-broken" | "stopped";

export type NodeLeaseEffect =
  /** Insert a row with this incarnation and token, commit, then report `renewal-committed`. */
  | { readonly kind: "write-join"; readonly incarnation: string; readonly token: string }
  /** Set the token where the row is not fenced and holds one of `tokens`, commit, then report `renewal-committed`. */
  | {
      readonly kind: "write-renewal";
      readonly incarnation: string;
      readonly tokens: readonly string[];
      readonly token: string;
    }
  /** Read head and epoch in a statement of their own, then report `head-read`. */
  | { readonly kind: "read-head"; readonly token: string }
  /** Forget every record. Records as of a number below `floor` must not be used; with null, none at all. */
  | { readonly kind: "drop-everything"; readonly because: DropReason; readonly floor: number | null }
  /** Start anew, as another incarnation. */
  | { readonly kind: "rejoin" };

type Step = readonly [NodeLease, readonly NodeLeaseEffect[]];

/** Unknown outcomes remembered at most; forgetting one costs a new start and never safety. */
const TOKENS_KEPT = 32;

/** A node that has not joined. `termMs` is the term that its row will name. */
export function newNodeLease(termMs: number): NodeLease {
  return { phase: "out", termMs };
}

/** Total: an event that does not concern the state, or comes late, changes nothing. */
export function stepNodeLease(state: NodeLease, event: NodeLeaseEvent): Step {
  if (state.phase === "stopped") return [state, []];
  switch (event.kind) {
    case "join-started":
      return joinStarted(state, event);
    case "renewal-started":
      return renewalStarted(state, event);
    case "renewal-committed":
      return renewalCommitted(state, event);
    case "renewal-failed":
      return renewalFailed(state, event.token);
    case "head-read":
      return headRead(state, event);
    case "log-read":
      return logRead(state, event);
    case "applied":
      return state.phase === "in" ? [withApplied(state, event.seq), []] : [state, []];
    case "log-broken":
      return logBroken(state, event.head);
    case "stopped":
      return [{ phase: "stopped", termMs: state.termMs }, [dropped("stopped")]];
  }
  return event satisfies never;
}

/**
 * Whether this node may give verdicts at `now`, which must have been read from both clocks just before.
 * Both must say so: the monotonic one stands still while the machine sleeps, the wall clock may be set back.
 */
export function leaseValid(state: NodeLease, now: Moment): boolean {
  return state.phase === "in" && withinSpan(state.leasedFrom, now, usableSpan(state.termMs));
}

/** Milliseconds until the lease ends by the first of the two clocks, if nothing renews it; 0 without one. */
export function leaseMsLeft(state: NodeLease, now: Moment): number {
  if (state.phase !== "in" || !leaseValid(state, now)) return 0;
  return usableSpan(state.termMs) - Math.max(now.mono - state.leasedFrom.mono, now.wall - state.leasedFrom.wall);
}

/**
 * Whether the two clocks have run apart by more than a tenth of the term since this lease began, so that it should be
 * renewed at once. Counted since the lease, not since the start: one step of the wall clock must not refuse for ever.
 */
export function clocksDisagree(state: NodeLease, now: Moment): boolean {
  if (state.phase !== "in") return false;
  const byMono = now.mono - state.leasedFrom.mono;
  const byWall = now.wall - state.leasedFrom.wall;
  return Math.abs(byMono - byWall) > state.termMs * CLOCK_DRIFT;
}

function dropped(because: DropReason, floor: number | null = null): NodeLeaseEffect {
  return { kind: "drop-everything", because, floor };
}

function out(termMs: number, because: DropReason): Step {
  return [{ phase: "out", termMs }, [dropped(because), { kind: "rejoin" }]];
}

function joinStarted(state: NodeLease, event: NodeLeaseEvent & { kind: "join-started" }): Step {
  if (state.phase !== "out") return [state, []];
  const { incarnation, token, at } = event;
  const renewal: Renewal = { step: "sent", token, t0: at, appliedThen: 0 };
  return [
    { phase: "joining", termMs: state.termMs, incarnation, renewal },
    [{ kind: "write-join", incarnation, token }],
  ];
}

function renewalStarted(state: NodeLease, event: NodeLeaseEvent & { kind: "renewal-started" }): Step {
  if (state.phase !== "in") return [state, []];
  // One that never came to an end may still have been written.
  const tokens = state.renewal === null ? state.tokens : withUnknown(state.tokens, state.renewal.token);
  const renewal: Renewal = { step: "sent", token: event.token, t0: event.at, appliedThen: state.applied };
  return [
    { ...state, tokens, renewal },
    [{ kind: "write-renewal", incarnation: state.incarnation, tokens, token: event.token }],
  ];
}

function renewalCommitted(state: NodeLease, event: NodeLeaseEvent & { kind: "renewal-committed" }): Step {
  const renewal = renewalOf(state, event.token, "sent");
  if (renewal === null || (state.phase !== "joining" && state.phase !== "in")) return [state, []];
  if (event.rows !== 1) return out(state.termMs, "row-lost");
  const readHead: NodeLeaseEffect = { kind: "read-head", token: event.token };
  if (state.phase === "joining") return [{ ...state, renewal: { ...renewal, step: "committed" } }, [readHead]];
  // The head is asked for after this moment, so it covers at least what is applied now.
  const committed: Renewal = { ...renewal, step: "committed", appliedThen: state.applied };
  return [{ ...state, tokens: [event.token], renewal: committed }, [readHead]];
}

function renewalFailed(state: NodeLease, token: string): Step {
  if (state.phase === "joining" && state.renewal.token === token) {
    return [{ phase: "out", termMs: state.termMs }, [{ kind: "rejoin" }]];
  }
  if (state.phase !== "in" || state.renewal?.token !== token) return [state, []];
  const tokens = state.renewal.step === "committed" ? state.tokens : withUnknown(state.tokens, token);
  return [{ ...state, tokens, renewal: null }, []];
}

function headRead(state: NodeLease, event: NodeLeaseEvent & { kind: "head-read" }): Step {
  const renewal = renewalOf(state, event.token, "committed");
  if (renewal === null) return [state, []];
  if (state.phase === "joining") {
    const { termMs, incarnation } = state;
    const joined: JoinedLease = {
      phase: "in",
      termMs,
      incarnation,
      epoch: event.epoch,
      // Nothing is held, so nothing can be older than the head.
      applied: event.head,
      tokens: [event.token],
      renewal: null,
      waiting: [],
      leasedFrom: renewal.t0,
    };
    return [joined, [dropped("joined", event.head)]];
  }
  if (state.phase !== "in") return [state, []];
  if (event.epoch !== state.epoch) return out(state.termMs, "epoch-changed");
  if (event.head < renewal.appliedThen) return out(state.termMs, "head-fell");
  const waiting = [...state.waiting, { t0: renewal.t0, head: event.head }];
  return [withApplied({ ...state, renewal: null, waiting }, state.applied), []];
}

function logRead(state: NodeLease, event: NodeLeaseEvent & { kind: "log-read" }): Step {
  if (state.phase !== "in" || state.incarnation !== event.incarnation) return [state, []];
  if (event.epoch !== state.epoch) return out(state.termMs, "epoch-changed");
  if (event.head < event.appliedThen) return out(state.termMs, "head-fell");
  return [state, []];
}

function logBroken(state: NodeLease, head: number): Step {
  if (state.phase !== "in") return [state, []];
  return [withApplied(state, head), [dropped("log-broken", head)]];
}

/** `applied` never falls; each renewal whose head it has reached becomes usable, the newest counts. */
function withApplied(state: JoinedLease, seq: number): JoinedLease {
  const applied = Math.max(state.applied, seq);
  const usable = state.waiting.filter((grant) => grant.head <= applied);
  // In the order in which they were sent, and none older than the lease in use.
  const leasedFrom = usable.at(-1)?.t0 ?? state.leasedFrom;
  const waiting = state.waiting.filter((grant) => grant.head > applied && grant.t0.mono > leasedFrom.mono);
  return { ...state, applied, waiting: waiting.slice(-TOKENS_KEPT), leasedFrom };
}

function renewalOf(state: NodeLease, token: string, step: Renewal["step"]): Renewal | null {
  const renewal = state.phase === "in" || state.phase === "joining" ? state.renewal : null;
  return renewal !== null && renewal.token === token && renewal.step === step ? renewal : null;
}

function withUnknown(tokens: readonly string[], token: string): readonly string[] {
  const unknown = [...tokens.slice(1), token].slice(-TOKENS_KEPT);
  return [...tokens.slice(0, 1), ...unknown];
}
