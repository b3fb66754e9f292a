import { isRemovable, type NodeRow, seeEpoch } from "@claviger/core";
import { makes } from "./cluster.ts";
import type { OwnNode } from "./own-node.ts";
import { type LoggedChange, withNode } from "./tables.ts";

interface Snapshot {
  readonly head: number;
  readonly epoch: string;
  readonly nodes: readonly NodeRow[];
  readonly changes: readonly LoggedChange[];
}

const CHANGES_READ = 1_000;
/** How late a node applies that acknowledges first, in milliseconds at most. */
const LATE_MS = 400;

/** One read of rows and log: watched, applied. */
export function followOnce(node: OwnNode, done: () => void): void {
  const { database } = node.cluster;
  const incarnation = node.lease.phase === "in" ? node.lease.incarnation : null;
  const applied = node.lease.phase === "in" ? node.lease.applied : 0;
  const readStarted = node.now().mono;
  const read = (answer: (snapshot: Snapshot) => void): void => {
    const { head, log, nodes } = database.tables;
    const changes = incarnation === null ? [] : log.filter(({ seq }) => seq > applied);
    answer({ head, epoch: database.epoch, nodes: [...nodes.values()], changes });
  };
  node.ask<Snapshot>(read, (snapshot) => {
    if (snapshot === null) {
      node.acts.connectionLost();
      done();
      return;
    }
    watch(node, snapshot, readStarted);
    followLog(node, snapshot, incarnation, applied);
    done();
  });
}

function watch(node: OwnNode, { head, epoch, nodes }: Snapshot, readStarted: number): void {
  const reading = { readStarted, readFinished: node.now().mono };
  // Rows that were lost with the former epoch still say how long their leases may last.
  const [termBefore, staleBefore] = [node.longestTerm(), node.longestStale()];
  node.observer = node.cluster.rules.observe(node.observer, nodes, reading);
  const term = Math.max(termBefore, node.longestTerm());
  const stale = Math.max(staleBefore, node.longestStale());
  node.sighting = seeEpoch(node.sighting, epoch, reading.readFinished, term, stale);
  node.listing = { ...reading, head };
  const own = node.lease.phase === "in" ? node.lease.incarnation : null;
  for (const watched of node.observer.values()) {
    if (!isRemovable(watched) || watched.row.incarnation === own || node.cluster.world.dice.chance(0.3)) continue;
    reap(node, watched.row.incarnation, watched.row.token);
  }
}

/** Removes a dead row, if nobody has renewed it since. */
export function reap(node: OwnNode, incarnation: string, token: string): void {
  const blind = makes(node.cluster, "blind-reaping");
  const work = (answer: (value: true) => void): void =>
    node.cluster.database.write(
      (tables) => withNode(tables, incarnation, (row) => (blind || row.token === token ? null : row)),
      true,
      () => answer(true),
    );
  node.ask(work, () => undefined);
}

function followLog(node: OwnNode, snapshot: Snapshot, incarnation: string | null, appliedThen: number): void {
  const { lease } = node;
  if (incarnation === null || lease.phase !== "in" || lease.incarnation !== incarnation) return;
  const { head, epoch, changes } = snapshot;
  node.step({ kind: "log-read", incarnation, appliedThen, head, epoch });
  if (node.lease.phase !== "in") {
    node.renew();
    return;
  }
  if (node.cluster.rules.hasGap(appliedThen, head, changes, CHANGES_READ)) {
    node.step({ kind: "log-broken", head });
    return;
  }
  const apply = (): void => {
    for (const { seq, subjects } of changes) {
      if (node.lease.phase === "in" && node.lease.incarnation === incarnation && seq > node.lease.applied) {
        node.apply(seq, subjects);
      }
    }
  };
  if (!makes(node.cluster, "acks-before-apply") || changes.length === 0) {
    apply();
    return;
  }
  const said = { ackedSeq: head, vouchedSeq: head, verifiers: 0 };
  node.sendAck(incarnation, epoch, said, () => undefined);
  node.process.after(node.cluster.world.dice.between(0, LATE_MS), apply);
}
