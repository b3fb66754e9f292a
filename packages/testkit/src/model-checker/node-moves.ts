import { isDead, newObserver } from "@claviger/core";
import type { Move, MoveKind } from "./explore.ts";
import { isLostToNode, sendToVerifier } from "./lines.ts";
import { EPOCH, type Model, type ModelNode } from "./model.ts";
import { commit, giveUpWaiting, hearOfCommit, readingHelps } from "./node-acts.ts";
import { apply, beginRenewal, continueRenewal, stepLease } from "./node-lease-moves.ts";
import { askForRows, findRows, follow, takeIn } from "./node-reads.ts";
import {
  answerLookUp,
  lendsNothing,
  lookUpItself,
  loseLine,
  mayLookUp,
  receiveAtNode,
  saidBy,
  tellSessions,
} from "./node-sessions.ts";
import { type Checked, copyOf, freshNode, nodeAt, nodeName, nodeNow, withRow } from "./parts.ts";

const WORDS = { take: "take the key away", give: "give the key back", other: "change something else" };

type Add = (words: string, change: (next: Model) => void, kind?: MoveKind) => void;

/** All that one node can do next, what the database does for it, and what the client does there. */
export function nodeMoves(checked: Checked, model: Model, place: number): Move<Model>[] {
  const moves: Move<Model>[] = [];
  const node = model.nodes[place] as ModelNode;
  const add: Add = (words, change, kind = "given") => {
    const next = copyOf(model);
    change(next);
    moves.push({ words: `${nodeName(place)} ${words}`, kind, next });
  };
  addRenewals(checked, model, node, add);
  addReads(checked, model, node, add);
  addAct(checked, model, node, add);
  if (mayLookUp(checked, model, node)) add("reads the key for itself", (next) => lookUpItself(next, place));
  if (node.reading !== null) add("answers the look-up", (next) => answerLookUp(checked, next, place));
  if (acknowledgeable(checked, model, node)) {
    add("writes into its row what it has applied", (next) => acknowledge(checked, next, place));
  }
  for (const line of model.lines) {
    if (line.node !== place || !line.atNode) continue;
    const [message] = line.toNode;
    if (message !== undefined && (message.kind !== "lookup" || node.reading === null)) {
      add(`receives ${message.kind} of verifier ${line.verifier + 1}`, (next) => receiveAtNode(checked, next, line.id));
    }
    if (isLostToNode(line)) {
      add(`notices that a connection of verifier ${line.verifier + 1} is gone`, (next) =>
        loseLine(checked, next, line.id),
      );
    }
  }
  if (node.leaving && lendsNothing(checked, model, node))
    add("gives its row back and starts anew", (next) => goAway(next, place));
  return moves;
}

function addRenewals(checked: Checked, model: Model, { place, renewing, renewAt, leaving }: ModelNode, add: Add): void {
  if (renewing !== null) {
    const words = { "read-first": "writes its token", written: "reads the head", read: "learns the head" };
    add(words[renewing.step], (next) => continueRenewal(checked, next, place));
    return;
  }
  if (leaving || nodeNow(checked, model, place).mono < renewAt) return;
  add("begins to renew its lease, and its row is written", (next) => beginRenewal(checked, next, place));
}

function addReads(checked: Checked, model: Model, node: ModelNode, add: Add): void {
  const { place, lease, following, late } = node;
  if (late.length > 0) add("applies what it has acknowledged", (next) => applyLate(checked, next, place));
  if (following !== null) {
    if (following.found === null) add("has rows and log read", (next) => findRows(next, place));
    else add("takes in what it has read", (next) => takeIn(checked, next, place));
    return;
  }
  const behind = lease.phase === "in" && lease.applied < model.database.head && late.length === 0;
  if (behind || readingHelps(node) || watches(checked, model, node)) {
    if (checked.bounds.stepwise.reads.includes(place)) {
      add("asks for rows and log", (next) => askForRows(checked, next, place));
    } else add("reads rows and log", (next) => follow(checked, next, place));
  }
}

/** Whoever may be asked looks at the rows before as well: at what it has not seen, or not seen to be dead. */
function watches({ bounds }: Checked, { database, act }: Model, { place, observer, lease }: ModelNode): boolean {
  if (!bounds.stepwise.reads.includes(place) || !bounds.asked.includes(place) || act.step !== "idle") return false;
  if (lease.phase !== "in" || act.index === bounds.acts.length) return false;
  return database.rows.some(({ incarnation, token }) => {
    const watched = observer.get(incarnation);
    return incarnation !== lease.incarnation && (watched?.row.token !== token || !isDead(watched));
  });
}

function addAct(checked: Checked, model: Model, { place, lease, leaving }: ModelNode, add: Add): void {
  const { step, index, node } = model.act;
  const what = checked.bounds.acts[index];
  if (what === undefined || !checked.bounds.asked.includes(place)) return;
  if (step === "idle" && lease.phase === "in" && !leaving) {
    add(`is asked to ${WORDS[what]}, and commits it`, (next) => {
      commit(checked, next, place);
      if (!checked.bounds.stepwise.acts.includes(place)) hearOfCommit(checked, next);
    });
  }
  if (step === "committed" && node === place) add("learns that it is committed", (next) => hearOfCommit(checked, next));
}

function applyLate(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { late } = node;
  node.late = [];
  for (const { seq, subjects } of late) {
    if (node.lease.phase === "in" && seq > node.lease.applied) apply(checked, next, node, seq, subjects);
  }
}

function acknowledgeable(checked: Checked, model: Model, node: ModelNode): boolean {
  const { lease } = node;
  if (lease.phase !== "in") return false;
  const { nodeKills, leaves, losses } = model.left;
  // Nobody is left who would read it.
  if (checked.bounds.nodes.length === 1 && nodeKills + leaves + losses === 0) return false;
  const row = model.database.rows.find(({ incarnation }) => incarnation === lease.incarnation);
  if (row === undefined || lease.applied === 0) return false;
  return saidBy(checked, model, node).ackedSeq > row.ackedSeq;
}

function acknowledge(checked: Checked, next: Model, place: number): void {
  const node = next.nodes[place] as ModelNode;
  const said = saidBy(checked, next, node);
  if (node.lease.phase !== "in") return;
  withRow(next, node.lease.incarnation, (row) => ({ ...row, ...said, ackedEpoch: EPOCH }));
}

/** The node stops in good order: gives no verdict from now on, and keeps its row until nobody can hold a lease from it. */
export function leave(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  node.leaving = true;
  node.following = null;
  node.renewing = null;
  node.observer = newObserver;
  node.listing = null;
  giveUpWaiting(next, place);
  const own = nodeAt(next, place);
  for (const { id, node: at, greeted } of next.lines) {
    if (at === place && greeted !== null) sendToVerifier(next, id, { kind: "goodbye" });
  }
  own.leavingRow = own.lease.phase === "in" ? own.lease.incarnation : null;
  stepLease(checked, next, own, { kind: "stopped" });
  tellSessions(checked, next, own, { kind: "tick", now: nodeNow(checked, next, place).mono });
}

function goAway(next: Model, place: number): void {
  const { leavingRow } = next.nodes[place] as ModelNode;
  if (leavingRow !== null) withRow(next, leavingRow, () => null);
  replaceNode(next, place);
}

/** Another process takes the place; what the former one sent may still arrive. */
export function replaceNode(next: Model, place: number): void {
  giveUpWaiting(next, place);
  next.nodes[place] = freshNode(next, place);
  next.lines = next.lines
    .map((line) => (line.node === place ? { ...line, atNode: false, toNode: [] } : line))
    .filter(({ atVerifier, atNode }) => atVerifier || atNode);
}
