/**
 * The node's side of one verifier, as a state machine without clock and without I/O.
 *
 * States
 * - connected      `connection` is its number. One frame of invalidations is under way at most (`acked < announced`); what
 *                  comes meanwhile is merged into the next.
 * - disconnected   `connection` is null. Leases stand until their deadlines: whoever holds one may be using it.
 * A session is forgotten when `isForgettable` says so.
 *
 * A lease is given for what is left of the node's own, and no longer. Its deadline here is counted longer, from later
 * than the verifier's, by this node's clock. It is usable only by who has applied everything up to its number, so it
 * holds back the node's own acknowledgement of later changes alone, until they are acknowledged or it is over.
 *
 * Moves
 * - HELLO       takes the session up, with the credential that opened it and no other: caught up from what was
 *               invalidated lately, or RESYNC. One that remembers less than it acknowledged orphans earlier leases.
 * - RENEW       is granted, but for: the node has no lease; the verifier is ahead of it; a frame that was under way at the
 *               last grant was not acknowledged; it has held back a change for as long as it may; too many lapses of late
 * - ACK         counts in its epoch only, and only up to what was announced
 * - RELEASE     ends the leases of this process
 * - the node begins anew: numbers of another epoch say nothing about this one
 */
import { CLOCK_DRIFT } from "../coherence/moment.ts";
import {
  LAPSE_WINDOW_MS,
  withGrant,
  withGrantsOfAnotherEpoch,
  withOrphanedGrants,
  withoutEndedGrants,
} from "./session-grants.ts";
import type { NodeView, SessionEffect, SessionEvent, SessionState } from "./session-state.ts";
import { type DenyReason, type NodeMessage, PROTOCOL_VERSIONS, WIRE_LIMITS } from "./wire.ts";

type Step = readonly [SessionState, readonly SessionEffect[]];
type EventOf<K extends SessionEvent["kind"]> = Extract<SessionEvent, { readonly kind: K }>;

/** Lapses of one session, and of all of one credential, within the window, that end in remote mode. */
const LAPSES_BORNE = 3;
const CREDENTIAL_LAPSES_BORNE = 12;
const REMOTE_RETRY_MS = 60_000;
const NODE_RETRY_MS = 100;

/**
 * A verifier that is not known here greets. Null: it was turned away, and the effects say so to it.
 */
export function openSession(event: EventOf<"hello">): readonly [SessionState | null, readonly SessionEffect[]] {
  const turnedAway = reasonAgainst(event);
  if (turnedAway !== null) return [null, turnAway(event, turnedAway)];
  const { session, name, software, understands, termMs, staleIfUnreachableMs } = event.message;
  const fresh: SessionState = {
    ...{ session, name, software, understands, termMs, staleIfUnreachableMs },
    credential: event.credential,
    connection: null,
    epoch: event.node.epoch ?? "",
    known: 0,
    announced: 0,
    acked: 0,
    claimed: 0,
    pending: [],
    owesSince: null,
    pendingSince: null,
    owedAtGrant: null,
    grants: [],
    lapses: [],
    silent: false,
    heardAt: event.node.now,
  };
  return attach(fresh, event);
}

/** Total: an event that does not concern the state, or comes late, changes nothing. */
export function stepSession(before: SessionState, event: SessionEvent): Step {
  const now = event.kind === "hello" || event.kind === "renew" ? event.node.now : event.now;
  const [state, lapsed] = withoutEndedGrants(before, now);
  const [next, effects] = stepCurrent(state, event, now);
  return [next, lapsed.length === 0 ? effects : [...lapsed, ...effects]];
}

function stepCurrent(state: SessionState, event: SessionEvent, now: number): Step {
  switch (event.kind) {
    case "hello":
      return greeted(state, event);
    case "applied":
      return applied(state, event);
    case "resync":
      return resynced(state, event);
    case "tick":
      return [state, []];
  }
  if (event.connection !== state.connection) return [state, []];
  const heard: SessionState = { ...state, heardAt: now };
  switch (event.kind) {
    case "renew":
      return renewed(heard, event);
    case "ack":
      return event.message.epoch === state.epoch ? acknowledged(heard, event.message.seq, now) : [heard, []];
    case "release":
      return [
        { ...heard, connection: null, grants: heard.grants.filter(({ orphaned }) => orphaned) },
        [{ kind: "ended" }],
      ];
    case "disconnected":
      return [{ ...heard, connection: null, pending: [], pendingSince: null }, []];
  }
  return event satisfies never;
}

function greeted(state: SessionState, event: EventOf<"hello">): Step {
  const against = state.credential === event.credential ? reasonAgainst(event) : "session-taken";
  if (against !== null) return [state, turnAway(event, against)];
  const { epoch, appliedSeq } = event.message;
  // Another process under the same name may still use what was granted to this one.
  const forgetful = epoch === null || (epoch === state.epoch && appliedSeq < state.acked);
  const known = forgetful ? withOrphanedGrants(state) : state;
  const [next, effects] = attach(known.epoch === event.node.epoch ? known : withGrantsOfAnotherEpoch(known), event);
  if (state.connection === null || state.connection === event.connection) return [next, effects];
  return [next, [{ kind: "hang-up", connection: state.connection }, ...effects]];
}

function reasonAgainst({ message, node }: EventOf<"hello">): DenyReason | null {
  if (versionFor(message.versions) === null) return "unsupported-version";
  return node.epoch === null ? "no-lease" : null;
}

function versionFor(spoken: readonly number[]): number | null {
  return PROTOCOL_VERSIONS.find((version) => spoken.includes(version)) ?? null;
}

function turnAway({ connection }: EventOf<"hello">, reason: DenyReason): SessionEffect[] {
  const versions = reason === "unsupported-version" ? PROTOCOL_VERSIONS : [];
  const retryAfterMs = reason === "no-lease" ? NODE_RETRY_MS : null;
  return [
    { kind: "send", connection, message: { kind: "deny", nonce: null, reason, retryAfterMs, versions } },
    { kind: "hang-up", connection },
  ];
}

/** Takes up the session on this connection: what it missed is sent, or it is told to drop everything. */
function attach(state: SessionState, { connection, message, missed, node }: EventOf<"hello">): Step {
  const epoch = node.epoch ?? "";
  const { name, software, understands, staleIfUnreachableMs } = message;
  // No lease is longer, and by its term it is judged whether one was held to its end: to ask for more gains nothing.
  const termMs = Math.min(message.termMs, node.patienceMs ?? message.termMs);
  // WELCOME itself makes a verifier of another epoch drop everything.
  const claimed = message.epoch === epoch ? message.appliedSeq : 0;
  const acked = Math.min(claimed, node.applied);
  const next: SessionState = {
    ...state,
    ...{ name, software, understands, termMs, staleIfUnreachableMs, connection, epoch, claimed, acked },
    known: node.applied,
    announced: node.applied,
    pending: [],
    pendingSince: null,
    owesSince: acked < node.applied ? (state.owesSince ?? node.now) : null,
    owedAtGrant: null,
    silent: state.silent && acked <= state.acked,
    heardAt: node.now,
  };
  const version = versionFor(message.versions) ?? 0;
  const { serverTime } = node;
  const welcome: SessionEffect = {
    kind: "welcome",
    connection,
    welcome: { version, epoch, seq: node.applied, serverTime },
  };
  if (message.epoch !== epoch || claimed >= node.applied) return [next, [welcome]];
  const frame = frameOf(epoch, claimed, node.applied, missed);
  return [next, [welcome, { kind: "send", connection, message: frame }]];
}

function frameOf(epoch: string, after: number, seq: number, subjects: readonly string[] | null): NodeMessage {
  return subjects === null || subjects.length > WIRE_LIMITS.subjects
    ? { kind: "resync", epoch, seq }
    : { kind: "invalidate", after, seq, subjects };
}

function applied(state: SessionState, { seq, subjects, now }: EventOf<"applied">): Step {
  if (seq <= state.known) return [state, []];
  const { connection, epoch, announced } = state;
  const owing: SessionState = { ...state, known: seq, owesSince: state.owesSince ?? now };
  // Whoever comes back is caught up from what was invalidated lately.
  if (connection === null) return [owing, []];
  if (state.acked < announced) {
    const pendingSince = state.pendingSince ?? now;
    return [{ ...owing, pending: merged(state.pending, subjects), pendingSince }, []];
  }
  const message = frameOf(epoch, announced, seq, subjects);
  return [{ ...owing, announced: seq }, [{ kind: "send", connection, message }]];
}

function merged(pending: readonly string[] | null, more: readonly string[]): readonly string[] | null {
  if (pending === null) return null;
  if (pending.length + more.length <= WIRE_LIMITS.subjects) return [...pending, ...more];
  const distinct = new Set([...pending, ...more]);
  return distinct.size > WIRE_LIMITS.subjects ? null : [...distinct];
}

function resynced(state: SessionState, { epoch, seq, now }: EventOf<"resync">): Step {
  const sameNumbers = epoch === state.epoch && seq >= state.known;
  const kept = sameNumbers ? state : { ...withGrantsOfAnotherEpoch(state), epoch, acked: 0, claimed: 0 };
  const next: SessionState = {
    ...kept,
    known: seq,
    announced: seq,
    pending: [],
    pendingSince: null,
    owesSince: kept.acked < seq ? (state.owesSince ?? now) : null,
    owedAtGrant: null,
  };
  const { connection } = state;
  if (connection === null) return [next, []];
  return [next, [{ kind: "send", connection, message: { kind: "resync", epoch, seq } }]];
}

/** Only what was announced can have been acknowledged; with the last of it the next frame goes out. */
function acknowledged(before: SessionState, seq: number, now: number): Step {
  const acked = Math.max(before.acked, Math.min(seq, before.announced));
  const state: SessionState = { ...before, silent: before.silent && acked === before.acked };
  const claimed = Math.max(state.claimed, seq);
  const { connection, epoch, announced, known, pending, pendingSince } = state;
  if (acked < announced || connection === null) return [{ ...state, acked, claimed }, []];
  if (known === announced) return [{ ...state, acked, claimed, owesSince: null }, []];
  const next: SessionState = {
    ...{ ...state, acked, claimed, announced: known, pending: [], pendingSince: null },
    owesSince: pendingSince ?? now,
  };
  return [next, [{ kind: "send", connection, message: frameOf(epoch, announced, known, pending) }]];
}

function renewed(state: SessionState, event: EventOf<"renew">): Step {
  const { connection, message, node } = event;
  if (message.epoch !== state.epoch || node.epoch !== state.epoch) {
    const reason = node.epoch === null ? "no-lease" : "other-epoch";
    return [state, [deny(connection, message.nonce, reason, NODE_RETRY_MS)]];
  }
  const [next, effects] = acknowledged(state, message.appliedSeq, node.now);
  const against = reasonToDeny(next, event);
  if (against !== null) return [next, [...effects, deny(connection, message.nonce, ...against)]];
  // Wherever it falls between the clocks, a whole number of milliseconds is what goes over the wire.
  const termMs = Math.floor(Math.min(state.termMs, node.leaseMsLeft, patienceLeft(next, node)));
  const staleMs = Math.min(state.staleIfUnreachableMs, node.maxStaleMs);
  const owedAtGrant = next.acked < next.announced ? next.announced : null;
  const { epoch, serverTime, applied: seq, now } = { ...node, epoch: state.epoch };
  return [
    { ...withGrant(next, seq, termMs, staleMs, now), owedAtGrant },
    [
      ...effects,
      {
        kind: "send",
        connection,
        message: { kind: "grant", nonce: message.nonce, epoch, seq, termMs, staleMs, serverTime },
      },
    ],
  ];
}

function reasonToDeny(
  state: SessionState,
  { node, credentialLapses }: EventOf<"renew">,
): readonly [DenyReason, number | null] | null {
  if (node.leaseMsLeft < 1) return ["no-lease", NODE_RETRY_MS];
  if (state.claimed > node.applied) return ["behind", NODE_RETRY_MS];
  const lapses = state.lapses.filter((at) => node.now - at < LAPSE_WINDOW_MS);
  const [oldest] = lapses;
  if (oldest !== undefined && lapses.length >= LAPSES_BORNE) {
    return ["remote-mode", Math.ceil(LAPSE_WINDOW_MS - (node.now - oldest))];
  }
  if (credentialLapses >= CREDENTIAL_LAPSES_BORNE) return ["remote-mode", REMOTE_RETRY_MS];
  const owes = state.owedAtGrant !== null && state.acked < state.owedAtGrant;
  return owes || patienceLeft(state, node) < 1 ? ["unacknowledged", null] : null;
}

/** The longest term that does not hold back longer than it may what the session has not acknowledged. */
function patienceLeft({ owesSince }: SessionState, { patienceMs, now }: NodeView): number {
  if (owesSince === null || patienceMs === undefined) return Number.POSITIVE_INFINITY;
  return (owesSince + patienceMs - now) / (1 + CLOCK_DRIFT);
}

function deny(connection: number, nonce: number, reason: DenyReason, retryAfterMs: number | null): SessionEffect {
  return { kind: "send", connection, message: { kind: "deny", nonce, reason, retryAfterMs, versions: [] } };
}
