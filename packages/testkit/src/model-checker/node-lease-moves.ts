import { type NodeLeaseEffect, type NodeLeaseEvent, type NodeRow, RENEWALS_PER_TERM } from "@claviger/core";
import { EPOCH, type Model, type ModelNode, SUBJECT, TERM_MS } from "./model.ts";
import { tellSessions } from "./node-sessions.ts";
import { type Checked, emptied, makes, newName, nodeAt, nodeName, nodeNow, withNoted, withRow } from "./parts.ts";

type Write = Extract<NodeLeaseEffect, { kind: "write-join" | "write-renewal" }>;

const RETRY_MS = 100;

/** Takes the step and forgets what must be forgotten; returns what is left to do. */
export function stepLease(
  checked: Checked,
  next: Model,
  node: ModelNode,
  event: NodeLeaseEvent,
): readonly NodeLeaseEffect[] {
  const before = node.lease;
  const [lease, effects] = checked.rules.stepNodeLease(before, event);
  const left: NodeLeaseEffect[] = [];
  let dropped = false;
  for (const effect of effects) {
    if (effect.kind !== "drop-everything") {
      left.push(effect);
      continue;
    }
    dropped = true;
    node.held = false;
    node.ring = emptied(effect.floor);
  }
  node.lease = lease;
  if (makes(checked, "counted-from-receipt") && lease.phase === "in") {
    const isNew = before.phase !== "in" || before.leasedFrom !== lease.leasedFrom;
    if (isNew) node.lease = { ...lease, leasedFrom: nodeNow(checked, next, node.place) };
  }
  if (dropped && lease.phase === "in") {
    const now = nodeNow(checked, next, node.place).mono;
    tellSessions(checked, next, node, { kind: "resync", epoch: lease.epoch, seq: lease.applied, now });
  }
  return left;
}

/** Visible to every verification first, applied then. */
export function apply(checked: Checked, next: Model, node: ModelNode, seq: number, subjects: readonly string[]): void {
  invalidate(node, seq, subjects);
  stepLease(checked, next, node, { kind: "applied", seq });
  const now = nodeNow(checked, next, node.place).mono;
  tellSessions(checked, next, node, { kind: "applied", seq, subjects, now });
}

export function invalidate(node: ModelNode, seq: number, subjects: readonly string[]): void {
  node.ring = withNoted(node.ring, seq, subjects);
  if (subjects.includes(SUBJECT)) node.held = false;
}

/** The clocks are read, and the token is written. */
export function beginRenewal(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { token, write } = startRenewal(checked, next, node);
  if (write === undefined) return;
  // Whoever reads the head first has it from before the token is written.
  const { head } = next.database;
  if (makes(checked, "head-before-token")) node.renewing = { step: "read-first", token, write, rows: 0, head };
  else node.renewing = { step: "written", token, write, rows: writeRow(checked, next, place, write), head: 0 };
  if (checked.bounds.stepwise.renewals.includes(place)) return;
  while (next.nodes[place]?.renewing !== null) continueRenewal(checked, next, place);
}

/** The request is lost on its way; or it is taken for lost, and comes later. */
export function loseRenewal(checked: Checked, next: Model, place: number, comesLater: boolean): void {
  const node = nodeAt(next, place);
  const { token, write } = startRenewal(checked, next, node);
  if (write === undefined) return;
  if (comesLater) next.strays = [...next.strays, { kind: "renewal", place, write }];
  failRenewal(checked, next, place, token);
}

/** The answer is lost. */
export function failRenewal(checked: Checked, next: Model, place: number, token: string): void {
  const node = nodeAt(next, place);
  stepLease(checked, next, node, { kind: "renewal-failed", token });
  node.renewing = null;
  node.renewAt = nodeNow(checked, next, place).mono + RETRY_MS;
}

function startRenewal(checked: Checked, next: Model, node: ModelNode): { token: string; write: Write | undefined } {
  const at = nodeNow(checked, next, node.place);
  const token = newName(next, "token");
  const incarnation = makes(checked, "row-reused") ? nodeName(node.place) : newName(next, "incarnation");
  const effects =
    node.lease.phase === "in"
      ? stepLease(checked, next, node, { kind: "renewal-started", at, token })
      : stepLease(checked, next, node, { kind: "join-started", at, incarnation, token });
  node.renewAt = at.mono + TERM_MS / RENEWALS_PER_TERM;
  return { token, write: effects.find((effect): effect is Write => effect.kind.startsWith("write-")) };
}

/** The next part of the renewal under way. */
export function continueRenewal(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { renewing } = node;
  if (renewing === null) return;
  const { step, token, write, head } = renewing;
  if (step === "read-first") {
    node.renewing = { ...renewing, step: "written", rows: writeRow(checked, next, place, write) };
    return;
  }
  if (step === "read") {
    node.renewing = null;
    const left = stepLease(checked, next, node, { kind: "head-read", token, head, epoch: EPOCH });
    if (left.some(({ kind }) => kind === "rejoin")) node.renewAt = nodeNow(checked, next, place).mono;
    return;
  }
  const committed = stepLease(checked, next, node, { kind: "renewal-committed", token, rows: renewing.rows });
  if (!committed.some(({ kind }) => kind === "read-head")) {
    node.renewing = null;
    node.renewAt = nodeNow(checked, next, place).mono;
    return;
  }
  const read = makes(checked, "head-before-token") ? head : next.database.head;
  node.renewing = { ...renewing, step: "read", head: read };
}

/** What the statement changes: the number of rows. */
export function writeRow(checked: Checked, next: Model, place: number, write: Write): number {
  const { database } = next;
  const row = database.rows.find(({ incarnation }) => incarnation === write.incarnation);
  if (write.kind === "write-join") {
    if (row === undefined) {
      next.database = { ...database, rows: withJoined(database.rows, place, write) };
      return 1;
    }
    if (!makes(checked, "row-reused") || row.fenced) return 0;
  } else if (row === undefined || row.fenced || !write.tokens.includes(row.token)) return 0;
  withRow(next, write.incarnation, (each) => ({ ...each, token: write.token }));
  return 1;
}

function withJoined(rows: readonly NodeRow[], place: number, { incarnation, token }: Write): readonly NodeRow[] {
  const name = nodeName(place);
  const row: NodeRow = {
    ...{ incarnation, name, token, ackedSeq: 0, ackedEpoch: "", termMs: TERM_MS, maxStaleMs: 0, fenced: false },
  };
  const after = rows.findIndex((each) => each.name > name);
  return after === -1 ? [...rows, row] : [...rows.slice(0, after), row, ...rows.slice(after)];
}
