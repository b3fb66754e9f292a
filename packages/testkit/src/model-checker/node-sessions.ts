import {
  countLeased,
  isForgettable,
  lastDeadline,
  type NodeMessage,
  type NodeView,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type VerifierMessage,
  WIRE_LIMITS,
} from "@claviger/core";
import { closeAtNode, sendToVerifier } from "./lines.ts";
import { type Model, type ModelLine, type ModelNode, SUBJECT, TERM_MS } from "./model.ts";
import { type Checked, lineAt, makes, nodeAt, nodeNow, ringOf, verifierAt } from "./parts.ts";
import { entryFor } from "./verifications.ts";

/** No verifier waits for this look-up: theirs have higher numbers. */
const NOBODY = 0;
const CREDENTIAL = "credential";
const SETTINGS = { tagKeys: [], keyPrefix: "clv", environment: null };
const LIMITS = { frameBytes: 1, usageRows: 1, openLookups: 1 };

/** The next message on this line, at the node. */
export function receiveAtNode(checked: Checked, next: Model, id: number): void {
  const line = lineAt(next, id);
  const message = line?.toNode[0];
  if (line === undefined || message === undefined) return;
  line.toNode = line.toNode.slice(1);
  const node = nodeAt(next, line.node);
  switch (message.kind) {
    case "hello":
      greet(checked, next, node, line, message);
      return;
    case "renew": {
      const view = viewOf(checked, next, node);
      stepLine(checked, next, node, line, { kind: "renew", connection: id, message, node: view, credentialLapses: 0 });
      return;
    }
    case "ack":
      stepLine(checked, next, node, line, { kind: "ack", connection: id, message, now: nowOf(checked, next, node) });
      return;
    case "release":
      stepLine(checked, next, node, line, { kind: "release", connection: id, now: nowOf(checked, next, node) });
      return;
    case "lookup":
      lookUp(checked, next, node, line, message.id);
      return;
  }
}

/** The connection is gone; what was lent on it is not. */
export function loseLine(checked: Checked, next: Model, id: number): void {
  const line = lineAt(next, id);
  if (line === undefined) return;
  closeAtNode(next, id);
  const node = nodeAt(next, line.node);
  if (line.greeted !== null && makes(checked, "session-dropped-on-disconnect")) {
    node.sessions = node.sessions.filter(({ session }) => session !== line.greeted);
  }
  stepLine(checked, next, node, line, { kind: "disconnected", connection: id, now: nowOf(checked, next, node) });
}

export function tellSessions(checked: Checked, next: Model, node: ModelNode, event: SessionEvent): void {
  for (const { session } of node.sessions) stepSession(checked, next, node, session, event);
}

/**
 * Time has passed. Lapses are forgotten at once: a verifier that lapses again and again is lent nothing for ten minutes, and
 * leaving that out allows more than there is.
 */
export function tickSessions(checked: Checked, next: Model, place: number): void {
  const before = next.nodes[place] as ModelNode;
  if (before.sessions.length === 0) return;
  const node = nodeAt(next, place);
  const now = nowOf(checked, next, node);
  tellSessions(checked, next, node, { kind: "tick", now });
  node.sessions = node.sessions.flatMap((state) => {
    const session = state.lapses.length === 0 ? state : { ...state, lapses: [] };
    return isForgettable(session, now) ? [] : [session];
  });
}

/** What the node may say for itself and for its verifiers. */
export function saidBy(checked: Checked, model: Model, { lease, sessions, place }: ModelNode) {
  if (lease.phase !== "in") return { ackedSeq: 0, verifiers: 0 };
  const now = nodeNow(checked, model, place).mono;
  const ackedSeq = checked.rules.ackableSeq(sessions, lease.epoch, lease.applied, now);
  return { ackedSeq, verifiers: countLeased(sessions, now) };
}

export function lendsNothing(checked: Checked, model: Model, { sessions, place }: ModelNode): boolean {
  return lastDeadline(sessions, nodeNow(checked, model, place).mono) === null;
}

/** Answers from memory at once, else when the database has answered. What it reads is what is there now, at the earliest. */
function lookUp(checked: Checked, next: Model, node: ModelNode, line: ModelLine, id: number): void {
  if (!checked.rules.leaseValid(node.lease, nodeNow(checked, next, node.place)) || node.lease.phase !== "in") {
    leaveUnanswered(next, id);
    return;
  }
  if (node.held) {
    sendToVerifier(next, line.id, recordFor(id, true, node.lease.applied));
    return;
  }
  const { active, head } = next.database;
  if (!active) {
    leaveUnanswered(next, id);
    return;
  }
  node.reading = { line: line.id, id, active, asOfSeq: head };
}

/** Whether the node may read the key for a verification of its own, and what it finds makes a difference. */
export function mayLookUp(checked: Checked, { database }: Model, { held, reading, lease }: ModelNode): boolean {
  return checked.bounds.ownLookUps && !held && reading === null && database.active && lease.phase === "in";
}

export function lookUpItself(next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { active, head } = next.database;
  node.reading = { line: null, id: NOBODY, active, asOfSeq: head };
}

export function answerLookUp(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { reading } = node;
  if (reading === null) return;
  node.reading = null;
  const { line, id, active, asOfSeq } = reading;
  if (!checked.rules.leaseValid(node.lease, nodeNow(checked, next, place))) {
    leaveUnanswered(next, id);
    return;
  }
  if (active && ringOf(checked, node.ring).touchedSince(asOfSeq, [SUBJECT]) === "untouched") node.held = true;
  if (line === null) return;
  // A node reads anew what was touched meanwhile. Here it is sent, which shows whether verifiers look themselves.
  if (active) sendToVerifier(next, line, recordFor(id, true, asOfSeq));
  else leaveUnanswered(next, id);
}

/** An answer by which nothing is accepted: all that it does is to let the verifier ask again, so it is there at once. */
function leaveUnanswered(next: Model, id: number): void {
  for (const { place, asked } of next.verifiers) if (asked?.id === id) verifierAt(next, place).asked = null;
}

function recordFor(id: number, active: boolean, asOfSeq: number): NodeMessage {
  return { kind: "record", id, asOfSeq, outcome: "entry", entry: entryFor(active) };
}

type Hello = VerifierMessage & { kind: "hello" };

function greet(checked: Checked, next: Model, node: ModelNode, line: ModelLine, message: Hello): void {
  const { rules } = checked;
  const view = viewOf(checked, next, node);
  const ring = ringOf(checked, node.ring);
  const { appliedSeq } = message;
  const from = makes(checked, "missed-below-floor") ? Math.max(appliedSeq, ring.floor) : appliedSeq;
  const missed = message.epoch === view.epoch ? ring.subjectsAfter(from, WIRE_LIMITS.subjects) : null;
  const event = { kind: "hello", connection: line.id, credential: CREDENTIAL, message, missed, node: view } as const;
  const known = node.sessions.find(({ session }) => session === message.session);
  const [state, effects] = known === undefined ? rules.openSession(event) : rules.stepSession(known, event);
  if (state !== null) node.sessions = withSession(node.sessions, state);
  if (state?.connection === line.id) line.greeted = message.session;
  for (const effect of effects) carryOut(next, effect);
}

function withSession(sessions: readonly SessionState[], state: SessionState): readonly SessionState[] {
  if (sessions.some(({ session }) => session === state.session)) {
    return sessions.map((each) => (each.session === state.session ? state : each));
  }
  // Those of one verifier together, so that it makes no difference who came first.
  const after = sessions.findIndex(({ name }) => name > state.name);
  return after === -1 ? [...sessions, state] : [...sessions.slice(0, after), state, ...sessions.slice(after)];
}

function stepLine(checked: Checked, next: Model, node: ModelNode, line: ModelLine, event: SessionEvent): void {
  if (line.greeted !== null) stepSession(checked, next, node, line.greeted, event);
}

function stepSession(checked: Checked, next: Model, node: ModelNode, session: string, event: SessionEvent): void {
  const state = node.sessions.find((each) => each.session === session);
  if (state === undefined) return;
  const [after, effects] = checked.rules.stepSession(state, event);
  if (after !== state) node.sessions = withSession(node.sessions, after);
  for (const effect of effects) carryOut(next, effect);
}

function carryOut(next: Model, effect: SessionEffect): void {
  switch (effect.kind) {
    case "lapsed":
    case "ended":
      return;
    case "hang-up":
      closeAtNode(next, effect.connection);
      return;
    case "send":
      sendToVerifier(next, effect.connection, effect.message);
      return;
    case "welcome": {
      const added = { node: "", settings: SETTINGS, limits: LIMITS };
      sendToVerifier(next, effect.connection, { kind: "welcome", ...effect.welcome, ...added });
      return;
    }
  }
  effect satisfies never;
}

function viewOf(checked: Checked, next: Model, { lease, place }: ModelNode): NodeView {
  const now = nodeNow(checked, next, place);
  return {
    ...{ now: now.mono, serverTime: now.wall, maxStaleMs: 0 },
    patienceMs: checked.bounds.patience ? TERM_MS : undefined,
    epoch: lease.phase === "in" ? lease.epoch : null,
    applied: lease.phase === "in" ? lease.applied : 0,
    leaseMsLeft: checked.rules.leaseMsLeft(lease, now),
  };
}

function nowOf(checked: Checked, next: Model, { place }: ModelNode): number {
  return nodeNow(checked, next, place).mono;
}
