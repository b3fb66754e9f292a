import type { Move } from "./explore.ts";
import { type Add, addFaults } from "./fault-moves.ts";
import type { Model, ModelLine, ModelNode, StrayWrite } from "./model.ts";
import { look } from "./node-acts.ts";
import { writeRow } from "./node-lease-moves.ts";
import { nodeMoves } from "./node-moves.ts";
import { follow } from "./node-reads.ts";
import { receiveAtNode, tickSessions } from "./node-sessions.ts";
import { type Checked, copyOf, makes, mayBeRenewed, withRow } from "./parts.ts";
import { joinLate, verifierMoves } from "./verifier-moves.ts";

/** All that can happen next. */
export function movesOf(checked: Checked, model: Model): Move<Model>[] {
  const moves: Move<Model>[] = [];
  const add: Add = (words, kind, change) => {
    const next = copyOf(model);
    change(next);
    moves.push({ words, kind, next });
  };
  for (const { place } of model.nodes) moves.push(...nodeMoves(checked, model, place));
  for (const { place } of model.verifiers) moves.push(...verifierMoves(checked, model, place));
  model.strays.forEach((stray, index) => {
    add(wordsFor(stray), "given", (next) => write(checked, next, index));
  });
  add("time goes on by a tick", "given", (next) => passTime(checked, next));
  addFaults(checked, model, add);
  for (const { next } of moves) settle(checked, next);
  return moves;
}

/**
 * What is best done at once by whoever wants to show a mistake. An act ends as soon as it may: nobody but the client
 * sees that it does, and whatever is accepted later is accepted all the same. And whoever may wait for an answer that is
 * under way, waits for it.
 */
function settle(checked: Checked, next: Model): void {
  if (checked.bounds.prompt) receiveAll(checked, next);
  const { asked, stepwise } = checked.bounds;
  for (const place of asked) if (!stepwise.reads.includes(place)) lookAround(checked, next, place);
  if (next.act.step === "waiting") look(checked, next, next.act.node);
  // Where nobody renews the row any more it makes no difference when it is removed.
  for (let index = next.strays.length - 1; index >= 0; index -= 1) {
    const stray = next.strays[index];
    if (stray?.kind === "reap" && !mayBeRenewed(next, stray.incarnation)) write(checked, next, index);
  }
  joinLate(checked, next);
}

/** Whoever may be asked, and has nothing to apply, reads the rows all the time, and looks whether it waits no longer. */
function lookAround(checked: Checked, next: Model, place: number): void {
  const { lease, following, leaving } = next.nodes[place] as ModelNode;
  if (leaving || following !== null || lease.phase !== "in" || lease.applied !== next.database.head) return;
  if (next.act.index === checked.bounds.acts.length) return;
  follow(checked, next, place);
}

function receiveAll(checked: Checked, next: Model): void {
  const isReady = ({ atNode, toNode, node }: ModelLine): boolean => {
    const [message] = toNode;
    return atNode && message !== undefined && (message.kind !== "lookup" || next.nodes[node]?.reading === null);
  };
  for (let line = next.lines.find(isReady); line !== undefined; line = next.lines.find(isReady)) {
    receiveAtNode(checked, next, line.id);
  }
}

function passTime(checked: Checked, next: Model): void {
  next.tick += 1;
  for (const { place } of next.nodes) tickSessions(checked, next, place);
}

function wordsFor(stray: StrayWrite): string {
  return stray.kind === "reap" ? "the row of a dead node is removed" : "a renewal that was taken for lost is written";
}

function write(checked: Checked, next: Model, index: number): void {
  const stray = next.strays[index];
  if (stray === undefined) return;
  next.strays = next.strays.filter((_, other) => other !== index);
  if (stray.kind === "renewal") {
    writeRow(checked, next, stray.place, stray.write);
    return;
  }
  const blind = makes(checked, "blind-reaping");
  withRow(next, stray.incarnation, (row) => (blind || row.token === stray.token ? null : row));
}
