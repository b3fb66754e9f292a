import { type BarrierDecision, type BarrierView, isDead, newBarrierWaiter } from "@claviger/core";
import { type Bounds, EPOCH, type Model, type ModelNode, OTHER_SUBJECT, SUBJECT } from "./model.ts";
import { apply, invalidate } from "./node-lease-moves.ts";
import { saidBy } from "./node-sessions.ts";
import { type Checked, makes, nodeAt, nodeInstant, withRow } from "./parts.ts";

/** The client calls, and the act is committed; nobody at the node knows of it yet. */
export function commit(checked: Checked, next: Model, place: number): void {
  const { database, act } = next;
  const what = checked.bounds.acts[act.index];
  const gives = what === "give";
  const foundDone = what !== "other" && database.active === gives;
  if (!foundDone) {
    const seq = database.head + 1;
    const change = { seq, kind: what === "take" ? "narrow" : "widen", subjects: subjectsOf(what) };
    const log = [...database.log, change].slice(-checked.bounds.logKept);
    next.database = { ...database, head: seq, log, active: what === "other" ? database.active : gives };
  }
  if (gives) notTakenAnyMore(next);
  const confirmed = act.confirmed && !gives;
  next.act = { ...act, step: "committed", node: place, seq: next.database.head, foundDone, confirmed };
}

function subjectsOf(what: Bounds["acts"][number] | undefined): readonly string[] {
  return what === "other" ? [OTHER_SUBJECT] : [SUBJECT];
}

function notTakenAnyMore(next: Model): void {
  next.verifiers = next.verifiers.map((verifier) => {
    const { asked } = verifier;
    return asked === null ? verifier : { ...verifier, asked: { ...asked, late: false, joinedLate: false } };
  });
}

/** The node hears that its transaction is committed; the barrier begins. */
export function hearOfCommit(checked: Checked, next: Model): void {
  const { act } = next;
  const node = nodeAt(next, act.node);
  const what = checked.bounds.acts[act.index];
  if (!act.foundDone) applyOwn(checked, next, node, act.seq, subjectsOf(what));
  if (what !== "take") {
    next.act = { ...act, index: act.index + 1, step: "idle" };
    return;
  }
  if (act.foundDone && makes(checked, "stored-effective")) {
    confirm(next, { verifiers: 0, lapsed: 0 });
    return;
  }
  if (node.lease.phase !== "in") {
    next.act = { ...act, step: "idle" };
    return;
  }
  const early = makes(checked, "listed-before-commit") ? node.listing : null;
  next.commits += 1;
  const committedAt = early?.readStarted ?? nodeInstant(checked, next, node.place);
  node.waiter = newBarrierWaiter(act.seq, EPOCH, committedAt);
  node.seenDead = makes(checked, "observed-before-commit") ? [...node.observer.values()].filter(isDead) : [];
  next.act = { ...act, step: "waiting" };
  look(checked, next, act.node);
}

/** What this node has committed itself is dropped before anything is answered. */
function applyOwn(checked: Checked, next: Model, node: ModelNode, seq: number, subjects: readonly string[]): void {
  if (node.lease.phase === "in" && node.lease.applied === seq - 1) apply(checked, next, node, seq, subjects);
  else invalidate(node, seq, subjects);
}

/** Asks the barrier, until it waits or has ended. */
export function look(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  while (node.waiter !== null) {
    const [waiter, decision] = checked.rules.decideBarrier(node.waiter, viewOf(checked, next, node));
    node.waiter = waiter;
    if (decision.kind === "wait") return;
    carryOut(next, node, decision);
  }
}

/** Whether another read of the rows may come to something. */
export function readingHelps(node: ModelNode): boolean {
  const { waiter, lease } = node;
  if (waiter === null) return false;
  if (waiter.awaited === null) return true;
  const own = lease.phase === "in" ? lease.incarnation : null;
  return [...waiter.awaited.keys()].some((each) => each !== own && !waiter.settled.has(each));
}

/** It can not be said: the client may call again. */
export function giveUpWaiting(next: Model, place: number): void {
  nodeAt(next, place).waiter = null;
  if (next.act.step !== "idle" && next.act.node === place) next.act = { ...next.act, step: "idle" };
}

function carryOut(next: Model, node: ModelNode, decision: Exclude<BarrierDecision, { kind: "wait" }>): void {
  switch (decision.kind) {
    case "done":
      node.waiter = null;
      confirm(next, { verifiers: decision.verifiers, lapsed: decision.lapsed.length });
      return;
    case "unconfirmed":
      node.waiter = null;
      next.act = { ...next.act, step: "idle" };
      return;
    case "fence": {
      const { seq } = next.act;
      withRow(next, decision.incarnation, (row) =>
        row.ackedEpoch === EPOCH && row.ackedSeq >= seq ? row : { ...row, fenced: true },
      );
      return;
    }
    case "reap":
      next.strays = [...next.strays, decision];
      return;
  }
  decision satisfies never;
}

function confirm(next: Model, told: { readonly verifiers: number; readonly lapsed: number }): void {
  next.act = { ...next.act, index: next.act.index + 1, step: "idle", confirmed: true, told };
}

function viewOf(checked: Checked, model: Model, node: ModelNode): BarrierView {
  const { lease, place, seenDead, waiter } = node;
  let { listing, observer } = node;
  if (listing !== null && waiter !== null && makes(checked, "listed-before-commit")) {
    listing = { ...listing, head: Math.max(listing.head, waiter.seq) };
  }
  if (seenDead.length > 0) {
    const changed = new Map(observer);
    for (const watched of seenDead) {
      const { incarnation } = watched.row;
      if (changed.has(incarnation)) changed.set(incarnation, { ...watched, lastReadStarted: Number.MAX_VALUE });
    }
    observer = changed;
  }
  const own =
    lease.phase === "in"
      ? { incarnation: lease.incarnation, epoch: lease.epoch, ...saidBy(checked, model, node) }
      : null;
  return { own, listing, observer, epochSettlesAt: null, now: nodeInstant(checked, model, place) };
}
