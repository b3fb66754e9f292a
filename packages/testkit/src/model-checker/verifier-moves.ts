import {
  type NodeMessage,
  nextTickAt,
  type VerifierEffect,
  type VerifierEvent,
  type VerifierMessage,
} from "@claviger/core";
import type { Move } from "./explore.ts";
import { closeAtVerifier, isLostToVerifier, openLine, sendToNode } from "./lines.ts";
import { KEY, type Model, type ModelLine, type ModelVerifier, SUBJECT, TERM_MS } from "./model.ts";
import {
  type Checked,
  copyOf,
  emptied,
  lineAt,
  makes,
  nodeName,
  ringOf,
  verifierAt,
  verifierName,
  verifierNow,
  withNoted,
} from "./parts.ts";
import { acceptsAtVerifier, mayJoin, recordIsActive } from "./verifications.ts";

/** Messages of one verifier under way on one connection; it does nothing of its own accord that would make them more. */
const MOST_UNDER_WAY = 2;
/** All that one verifier can do next. */
export function verifierMoves(checked: Checked, model: Model, place: number): Move<Model>[] {
  const moves: Move<Model>[] = [];
  const me = model.verifiers[place] as ModelVerifier;
  const add = (words: string, change: (next: Model) => void): void => {
    const next = copyOf(model);
    change(next);
    moves.push({ words: `${verifierName(place)} ${words}`, kind: "others", next });
  };
  const own = model.lines.filter((line) => line.verifier === place && line.session === me.state.options.session);
  addOpenings(checked, model, place, add);
  for (const line of own) {
    const [message] = line.toVerifier;
    if (line.atVerifier && message !== undefined) {
      add(`receives ${message.kind} from ${nodeName(line.node)}`, (next) => receive(checked, next, line.id));
    }
    if (isLostToVerifier(line)) add("notices that its connection is gone", (next) => lose(checked, next, line.id));
  }
  const current = own.find(({ number, atVerifier }) => atVerifier && number === me.state.connection);
  const hasRoom = current === undefined || current.toNode.length < MOST_UNDER_WAY;
  const now = verifierNow(checked, model, place);
  const due = nextTickAt(me.state);
  if (hasRoom && due !== null && now.mono >= due && mayRenew(checked, me, now.mono)) {
    add("looks at its clock", (next) => step(checked, next, place, { kind: "tick", at: now }));
  }
  if (current !== undefined && hasRoom && me.state.phase === "following" && me.asked === null) {
    if (mayBeGood(checked, model) && !acceptsAtVerifier(checked, model, place))
      add("asks for the key", (next) => ask(next, place, current.id));
  }
  if (me.late.length > 0) add("carries out what it has acknowledged", (next) => dropLate(next, place));
  return moves;
}

/** Whether it gives up a connection, or asks for no more than may be unanswered. */
function mayRenew({ bounds }: Checked, { state }: ModelVerifier, now: number): boolean {
  const [oldest] = state.renewals;
  return state.renewals.length < bounds.renewals || (oldest !== undefined && now - oldest.t0.mono >= TERM_MS);
}

/** Whether any answer could say that the key is good; another one changes nothing. */
function mayBeGood({ bounds }: Checked, { database, nodes, act }: Model): boolean {
  if (database.active || bounds.acts.slice(act.index).includes("give")) return true;
  return nodes.some(({ held, reading }) => held || reading?.active === true);
}

type Add = (words: string, change: (next: Model) => void) => void;

function addOpenings(checked: Checked, model: Model, place: number, add: Add): void {
  const { wants, state } = model.verifiers[place] as ModelVerifier;
  const open = model.lines.filter((line) => line.verifier === place).length;
  if (wants === null || open >= checked.bounds.lines) return;
  for (const node of model.nodes) {
    if (node.leaving || checked.bounds.homes?.includes(node.place) === false) continue;
    add(`connects to ${nodeName(node.place)}`, (next) => {
      const line = { verifier: place, node: node.place, number: wants, session: state.options.session };
      openLine(next, line);
      verifierAt(next, place).wants = null;
      step(checked, next, place, { kind: "connected", connection: wants, at: verifierNow(checked, next, place) });
    });
  }
}

function receive(checked: Checked, next: Model, id: number): void {
  const line = lineAt(next, id);
  const message = line?.toVerifier[0];
  if (line === undefined || message === undefined) return;
  line.toVerifier = line.toVerifier.slice(1);
  const at = verifierNow(checked, next, line.verifier);
  step(checked, next, line.verifier, { kind: "received", connection: line.number, at, message });
}

function lose(checked: Checked, next: Model, id: number): void {
  const line = lineAt(next, id);
  if (line === undefined) return;
  closeAtVerifier(next, id);
  const me = verifierAt(next, line.verifier);
  if (line.number === me.state.connection) me.asked = null;
  const at = verifierNow(checked, next, line.verifier);
  step(checked, next, line.verifier, { kind: "disconnected", connection: line.number, at });
}

function ask(next: Model, place: number, line: number): void {
  const me = verifierAt(next, place);
  next.names += 1;
  const id = next.names;
  me.asked = { id, generation: me.state.generation, late: next.act.confirmed, joinedLate: false };
  sendToNode(next, line, { kind: "lookup", id, hash: KEY });
}

/** One step of the machine, with its effects. */
export function step(checked: Checked, next: Model, place: number, event: VerifierEvent): void {
  const me = verifierAt(next, place);
  if (makes(checked, "snapshot-regression")) regress(me, event);
  const [state, effects] = checked.rules.stepVerifier(me.state, event);
  me.state = state;
  for (const effect of effects) carryOut(checked, next, me, effect);
  me.remembered = verifierNow(checked, next, place);
}

/** The mistake of taking over the number of a node in the same epoch, as if nothing were known beyond it. */
function regress(me: ModelVerifier, event: VerifierEvent): void {
  if (event.kind !== "received" || event.message.kind !== "welcome") return;
  if (event.message.epoch !== me.state.epoch) return;
  me.state = { ...me.state, applied: event.message.seq };
  me.ring = emptied(event.message.seq);
}

function carryOut(checked: Checked, next: Model, me: ModelVerifier, effect: VerifierEffect): void {
  switch (effect.kind) {
    case "send":
      send(next, me, effect.connection, effect.message);
      return;
    case "connect":
      me.wants = effect.connection;
      return;
    case "disconnect":
      hangUp(next, me, effect.connection);
      return;
    case "drop-subjects":
      if (makes(checked, "verifier-acks-before-apply")) me.late = [...me.late, effect];
      else drop(me, effect);
      return;
    case "drop-everything":
      me.ring = emptied(effect.floor);
      me.held = false;
      return;
    case "deliver":
      deliver(checked, next, me, effect.message);
      return;
    case "settings":
    case "mode":
    case "unsupported":
    case "give-up":
      return;
  }
  effect satisfies never;
}

function send(next: Model, me: ModelVerifier, connection: number, message: VerifierMessage): void {
  const line = lineOf(next, me, connection);
  if (line !== undefined) sendToNode(next, line.id, message);
}

function hangUp(next: Model, me: ModelVerifier, connection: number): void {
  const line = lineOf(next, me, connection);
  if (line === undefined) return;
  closeAtVerifier(next, line.id);
  me.asked = null;
}

function lineOf(next: Model, { place, state }: ModelVerifier, connection: number): ModelLine | undefined {
  const { session } = state.options;
  return next.lines.find((line) => line.verifier === place && line.number === connection && line.session === session);
}

interface Dropped {
  readonly seq: number;
  readonly subjects: readonly string[];
}

function drop(me: ModelVerifier, { seq, subjects }: Dropped): void {
  me.ring = withNoted(me.ring, seq, subjects);
  if (subjects.includes(SUBJECT)) me.held = false;
}

function dropLate(next: Model, place: number): void {
  const me = verifierAt(next, place);
  for (const dropped of me.late) drop(me, dropped);
  me.late = [];
}

function deliver(checked: Checked, next: Model, me: ModelVerifier, message: NodeMessage): void {
  const { asked } = me;
  if (asked === null || !("id" in message) || message.id !== asked.id) return;
  me.asked = null;
  if (message.kind !== "record" || message.outcome !== "entry") return;
  const { rules } = checked;
  const asOfSeq = makes(checked, "as-of-receipt") ? me.state.applied : message.asOfSeq;
  const fill = { generation: asked.generation, asOfSeq, subjects: message.entry.record.subjects, conditions: [] };
  const now = verifierNow(checked, next, me.place);
  const judged = (own: boolean) => rules.fillVerdict(me.state, { ...fill, own }, ringOf(checked, me.ring), now);
  const verdict = judged(true);
  if (!recordIsActive(message.entry)) return;
  if (verdict === "keep") me.held = true;
  const isUsed = asked.late && (verdict === "keep" || verdict === "use-once");
  const joinedVerdict = asked.joinedLate ? judged(false) : "none";
  if (isUsed || joinedVerdict === "keep" || joinedVerdict === "use-once") {
    next.wrong = `${verifierName(me.place)} accepts by an answer what was confirmed before it asked to be taken away`;
  }
}

/** Whoever verifies now waits for an answer that is under way, where that is allowed. */
export function joinLate(checked: Checked, next: Model): void {
  if (!next.act.confirmed) return;
  for (const { place, asked } of next.verifiers) {
    if (asked === null || asked.late || asked.joinedLate || !mayJoin(checked, next, place)) continue;
    verifierAt(next, place).asked = { ...asked, joinedLate: true };
  }
}
