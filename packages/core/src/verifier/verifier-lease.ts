/**
 * A verifier, as a state machine without clock and without I/O.
 *
 * States
 * - `disconnected`  A connection was asked for. Leases held stand until their end.
 * - `greeting`      HELLO was sent. The same holds.
 * - `following`     WELCOME was received: invalidations come, each is applied before it is acknowledged, and leases are
 *                   renewed.
 * - `closed`        Everything was given back, or the node refused for good. No event leaves it.
 *
 * What it holds (epoch, what is applied, leases) outlives connections, and so does the session's name. There is a lease
 * while `standingOf` says so, which reads both clocks anew each time.
 *
 * Moves
 * - a grant counts from before its RENEW was sent, and is usable once everything up to its number is applied
 * - INVALIDATE      drops its subjects; one that leaves a gap drops everything
 * - another epoch   drops everything and every lease; numbers begin anew
 * - RESYNC          in the same epoch drops everything, and what is applied never falls
 * - no answer to a RENEW within a term, or anything unreadable: the connection is given up for another
 * - denied for want of acknowledgements again and again, or told so: remote mode, until a lease is granted
 */
import { type Moment, RENEWALS_PER_TERM } from "../coherence/moment.ts";
import { endOf, isWithin, verifierClocksDisagree } from "./verifier-standing.ts";
import type {
  VerifierDropReason,
  VerifierEffect,
  VerifierEvent,
  VerifierGrant,
  VerifierState,
} from "./verifier-state.ts";
import {
  type Deny,
  type DenyReason,
  type Granted,
  type Invalidate,
  type NodeMessage,
  PROTOCOL_VERSIONS,
  type Resync,
  type Welcome,
} from "./wire.ts";

type Step = readonly [VerifierState, readonly VerifierEffect[]];

/** Unanswered RENEWs and unusable grants at most; forgetting one costs a lease and never safety. */
const KEPT = 16;
const SHORTEST_RENEWAL_MS = 50;
/** Denials in a row for want of acknowledgement that make a verifier go remote by itself. */
const DENIALS_BORNE = 4;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/** Asking again changes nothing. */
const FOR_GOOD: ReadonlySet<DenyReason> = new Set<DenyReason>(["session-taken", "credential-refused"]);

/** Total: an event that does not concern the state, or comes late, changes nothing. */
export function stepVerifier(state: VerifierState, event: VerifierEvent): Step {
  if (state.phase === "closed") return [state, []];
  switch (event.kind) {
    case "started":
      return state.connection === 0 ? connect(state, 0) : [state, []];
    case "connected":
      return connected(state, event.connection, event.at);
    case "disconnected":
      return event.connection === state.connection ? connect(state, delayAfter(state.failures)) : [state, []];
    case "rejected":
      return event.connection === state.connection ? giveUp(state, event.reason) : [state, []];
    case "received":
      return event.connection === state.connection ? received(state, event.message, event.at) : [state, []];
    case "unreadable":
      return event.connection === state.connection ? hangUp(state, delayAfter(state.failures)) : [state, []];
    case "tick":
      return ticked(state, event.at);
    case "closed":
      return closed(state);
  }
  return event satisfies never;
}

/** Monotonic time at which `tick` is due; null: not before something else happens. */
export function nextTickAt(state: VerifierState): number | null {
  if (state.phase === "greeting") return state.greetedAt.mono + state.options.termMs;
  if (state.phase !== "following") return null;
  const oldest = state.renewals[0];
  return oldest === undefined ? state.renewAt : Math.min(state.renewAt, oldest.t0.mono + state.options.termMs);
}

function connect(state: VerifierState, delayMs: number): Step {
  const connection = state.connection + 1;
  return [
    { ...state, phase: "disconnected", connection, renewals: [], failures: state.failures + 1 },
    [{ kind: "connect", connection, delayMs }],
  ];
}

function hangUp(state: VerifierState, delayMs: number): Step {
  const [next, effects] = connect(state, delayMs);
  return [next, [{ kind: "disconnect", connection: state.connection }, ...effects]];
}

function delayAfter(failures: number): number {
  return failures === 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures - 1, 16));
}

function connected(state: VerifierState, connection: number, at: Moment): Step {
  if (connection !== state.connection) return [state, [{ kind: "disconnect", connection }]];
  if (state.phase !== "disconnected") return [state, []];
  const { session, understands, termMs, staleIfUnreachableMs, name, software } = state.options;
  const { epoch, applied } = state;
  return [
    { ...state, phase: "greeting", greetedAt: at },
    [
      {
        kind: "send",
        connection,
        message: {
          kind: "hello",
          versions: PROTOCOL_VERSIONS,
          ...{ session, epoch, appliedSeq: applied, understands, termMs, staleIfUnreachableMs, name, software },
        },
      },
    ],
  ];
}

function received(state: VerifierState, message: NodeMessage, at: Moment): Step {
  if (state.phase === "greeting") {
    if (message.kind === "welcome") return welcomed(state, message, at);
    if (message.kind === "deny") return turnedAway(state, message);
    return message.kind === "goodbye" ? hangUp(state, delayAfter(state.failures)) : delivered(state, message);
  }
  if (state.phase !== "following") return [state, []];
  switch (message.kind) {
    case "grant":
      return granted(state, message, at);
    case "deny":
      return denied(state, message, at);
    case "invalidate":
      return invalidated(state, message, at);
    case "resync":
      return resynced(state, message, at);
    case "goodbye":
      return hangUp(state, delayAfter(state.failures));
    case "welcome":
      return [state, []];
  }
  return delivered(state, message);
}

function delivered(state: VerifierState, message: NodeMessage): Step {
  switch (message.kind) {
    case "record":
    case "catalogue":
    case "settings":
    case "usage-ok":
    case "budget":
    case "unanswered":
    case "fault":
      return [state, [{ kind: "deliver", message }]];
  }
  return [state, []];
}

function welcomed(state: VerifierState, message: Welcome, at: Moment): Step {
  if (!PROTOCOL_VERSIONS.includes(message.version)) return misunderstood(state, [message.version]);
  const following: VerifierState = {
    ...state,
    phase: "following",
    time: { serverTime: message.serverTime, at: state.greetedAt },
  };
  const { seq, settings, limits } = message;
  const because = state.epoch === null ? "joined" : "epoch-changed";
  const [joined, dropped]: Step =
    state.epoch === message.epoch ? [following, []] : begunAnew(following, message.epoch, seq, because);
  const [renewing, sent] = renew(joined, at);
  return [renewing, [...dropped, { kind: "settings", settings, seq, limits }, ...sent]];
}

/** DENY in answer to HELLO. */
function turnedAway(state: VerifierState, message: Deny): Step {
  if (FOR_GOOD.has(message.reason)) return giveUp(state, message.reason);
  if (message.reason === "unsupported-version") return misunderstood(state, message.versions);
  return hangUp(state, message.retryAfterMs ?? delayAfter(state.failures));
}

/** A node of another version. In an upgrade there are others, and in its course this one is replaced as well. */
function misunderstood(state: VerifierState, versions: readonly number[]): Step {
  const [next, effects] = hangUp(state, delayAfter(state.failures));
  return [next, [{ kind: "unsupported", versions }, ...effects]];
}

/** Nothing that was held, asked for or granted counts in this epoch. */
function begunAnew(state: VerifierState, epoch: string, seq: number, because: VerifierDropReason): Step {
  const { generation } = state;
  return [
    { ...state, epoch, applied: seq, generation: generation + 1, lease: null, waiting: [], renewals: [] },
    [{ kind: "drop-everything", floor: seq, because }],
  ];
}

function resynced(state: VerifierState, message: Resync, at: Moment): Step {
  if (message.epoch !== state.epoch) {
    const [anew, dropped] = begunAnew(state, message.epoch, message.seq, "epoch-changed");
    const [renewing, sent] = renew(anew, at);
    return [renewing, [...dropped, acknowledge(anew), ...sent]];
  }
  return droppedUpTo(state, message.seq, "resync", at);
}

/** Everything was dropped, so nothing held is older than `seq`, nor than what was applied before. */
function droppedUpTo(state: VerifierState, seq: number, because: VerifierDropReason, at: Moment): Step {
  const applied = withApplied({ ...state, generation: state.generation + 1 }, seq, at);
  return withMode(state, applied, [{ kind: "drop-everything", floor: applied.applied, because }, acknowledge(applied)]);
}

function invalidated(state: VerifierState, { after, seq, subjects }: Invalidate, at: Moment): Step {
  if (after > state.applied) return droppedUpTo(state, seq, "gap", at);
  const applied = withApplied(state, seq, at);
  return withMode(state, applied, [{ kind: "drop-subjects", seq, subjects }, acknowledge(applied)]);
}

function acknowledge(state: VerifierState): VerifierEffect {
  return {
    kind: "send",
    connection: state.connection,
    message: { kind: "ack", epoch: state.epoch ?? "", seq: state.applied },
  };
}

function granted(state: VerifierState, message: Granted, at: Moment): Step {
  const renewal = state.renewals.find(({ nonce }) => nonce === message.nonce);
  if (renewal === undefined || message.epoch !== state.epoch) return [state, []];
  const { termMs, staleMs, seq, serverTime } = message;
  const grant: VerifierGrant = { t0: renewal.t0, termMs, staleMs, seq };
  const renewals = state.renewals.filter(({ nonce }) => nonce > message.nonce);
  const answered: VerifierState = {
    ...state,
    renewals,
    failures: 0,
    denied: null,
    unacknowledged: 0,
    waiting: [...state.waiting, grant].slice(-KEPT),
    renewAt: renewal.t0.mono + intervalOf(state, termMs),
    time: { serverTime, at: renewal.t0 },
  };
  return withMode(state, withApplied(answered, state.applied, at), []);
}

/** `applied` never falls; each grant whose number it has reached may be used. */
function withApplied(state: VerifierState, seq: number, at: Moment): VerifierState {
  const applied = Math.max(state.applied, seq);
  let { lease } = state;
  for (const grant of state.waiting) if (grant.seq <= applied && isBetter(grant, lease, at)) lease = grant;
  return { ...state, applied, lease, waiting: state.waiting.filter((grant) => grant.seq > applied) };
}

/** The later end counts, but for a lease that is over or whose clocks have run apart. */
function isBetter(grant: VerifierGrant, lease: VerifierGrant | null, at: Moment): boolean {
  if (lease === null || !isWithin(lease, at) || verifierClocksDisagree({ lease }, at)) return true;
  return endOf(grant) >= endOf(lease);
}

/** A lease that may be used ends remote mode. */
function withMode(before: VerifierState, after: VerifierState, effects: readonly VerifierEffect[]): Step {
  if (after.mode === "local" || after.lease === null || after.lease === before.lease) return [after, effects];
  return [{ ...after, mode: "local" }, [...effects, { kind: "mode", mode: "local", because: null }]];
}

function denied(state: VerifierState, message: Deny, at: Moment): Step {
  const { nonce, reason, retryAfterMs } = message;
  if (FOR_GOOD.has(reason)) return giveUp(state, reason);
  if (nonce === null || !state.renewals.some((renewal) => renewal.nonce === nonce)) return [state, []];
  const unacknowledged = reason === "unacknowledged" ? state.unacknowledged + 1 : 0;
  const next: VerifierState = {
    ...state,
    renewals: state.renewals.filter((renewal) => renewal.nonce > nonce),
    denied: reason,
    unacknowledged,
    renewAt: at.mono + (retryAfterMs ?? intervalOf(state, state.options.termMs)),
  };
  if (next.mode === "remote" || (reason !== "remote-mode" && unacknowledged < DENIALS_BORNE)) return [next, []];
  return [{ ...next, mode: "remote" }, [{ kind: "mode", mode: "remote", because: reason }]];
}

function ticked(state: VerifierState, at: Moment): Step {
  const { termMs } = state.options;
  if (state.phase === "greeting") {
    return at.mono - state.greetedAt.mono < termMs ? [state, []] : hangUp(state, delayAfter(state.failures));
  }
  if (state.phase !== "following") return [state, []];
  const oldest = state.renewals[0];
  if (oldest !== undefined && at.mono - oldest.t0.mono >= termMs) return hangUp(state, delayAfter(state.failures));
  const apart = oldest === undefined && state.denied === null && verifierClocksDisagree(state, at);
  return at.mono >= state.renewAt || apart ? renew(state, at) : [state, []];
}

function renew(state: VerifierState, at: Moment): Step {
  const { epoch, applied, connection, options } = state;
  const renewAt = at.mono + intervalOf(state, Math.min(options.termMs, state.lease?.termMs ?? options.termMs));
  if (epoch === null || state.renewals.length >= KEPT) return [{ ...state, renewAt }, []];
  const nonce = state.lastNonce + 1;
  return [
    { ...state, lastNonce: nonce, renewals: [...state.renewals, { nonce, t0: at }], renewAt },
    [{ kind: "send", connection, message: { kind: "renew", nonce, epoch, appliedSeq: applied } }],
  ];
}

function intervalOf(state: VerifierState, termMs: number): number {
  return Math.max(SHORTEST_RENEWAL_MS, Math.min(termMs, state.options.termMs) / RENEWALS_PER_TERM);
}

/** Nothing is decided on from here on, and only then the lease is given back. */
function closed(state: VerifierState): Step {
  const { connection } = state;
  const ended = ending(state);
  if (state.phase === "disconnected") return [ended, [dropped("closed"), { kind: "disconnect", connection }]];
  return [
    ended,
    [dropped("closed"), { kind: "send", connection, message: { kind: "release" } }, { kind: "disconnect", connection }],
  ];
}

function giveUp(state: VerifierState, reason: DenyReason): Step {
  return [
    ending(state),
    [dropped("given-up"), { kind: "disconnect", connection: state.connection }, { kind: "give-up", reason }],
  ];
}

function ending(state: VerifierState): VerifierState {
  return { ...state, phase: "closed", lease: null, waiting: [], renewals: [], generation: state.generation + 1 };
}

function dropped(because: VerifierDropReason): VerifierEffect {
  return { kind: "drop-everything", floor: null, because };
}
