import { EPOCH, type Model } from "./model.ts";
import { look } from "./node-acts.ts";
import { apply, stepLease } from "./node-lease-moves.ts";
import { type Checked, makes, nodeAt, nodeInstant, withRow } from "./parts.ts";

const CHANGES_READ = 1_000;

/** The node asks for rows and log. */
export function askForRows(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { lease } = node;
  const incarnation = lease.phase === "in" ? lease.incarnation : null;
  const applied = lease.phase === "in" ? lease.applied : 0;
  node.following = { sentAt: nodeInstant(checked, next, place), incarnation, applied, found: null };
}

/** The database reads them; the answer is on its way. */
export function findRows(next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { following } = node;
  if (following === null) return;
  const { head, rows, log } = next.database;
  const changes = following.incarnation === null ? [] : log.filter(({ seq }) => seq > following.applied);
  node.following = { ...following, found: { head, rows, changes } };
}

/** All of it at once. */
export function follow(checked: Checked, next: Model, place: number): void {
  askForRows(checked, next, place);
  findRows(next, place);
  takeIn(checked, next, place);
}

/** Rows are watched, changes applied, and whoever waits is told. */
export function takeIn(checked: Checked, next: Model, place: number): void {
  const node = nodeAt(next, place);
  const { following } = node;
  if (following === null || following.found === null) return;
  node.following = null;
  const { sentAt, incarnation, applied } = following;
  const { rows, head, changes } = following.found;
  const reading = { readStarted: sentAt, readFinished: nodeInstant(checked, next, place) };
  node.observer = checked.rules.observe(node.observer, rows, reading);
  node.listing = { ...reading, head };
  const { lease } = node;
  if (incarnation !== null && lease.phase === "in" && lease.incarnation === incarnation) {
    stepLease(checked, next, node, { kind: "log-read", incarnation, appliedThen: applied, head, epoch: EPOCH });
    if (checked.rules.hasGap(applied, head, changes, CHANGES_READ)) {
      stepLease(checked, next, node, { kind: "log-broken", head });
    } else if (makes(checked, "acks-before-apply") && changes.length > 0) {
      node.late = changes;
      withRow(next, incarnation, (row) => ({ ...row, ackedSeq: head, ackedEpoch: EPOCH }));
    } else {
      for (const { seq, subjects } of changes) {
        if (node.lease.phase === "in" && seq > node.lease.applied) apply(checked, next, node, seq, subjects);
      }
    }
  }
  look(checked, next, place);
}
