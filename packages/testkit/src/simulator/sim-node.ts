import {
  type EpochSighting,
  type Moment,
  type NodeLease,
  type NodeLeaseEffect,
  type NodeLeaseEvent,
  newNodeLease,
  newObserver,
  type ObserverState,
  type Reading,
  type RecentInvalidations,
  unsettledEpoch,
} from "@claviger/core";
import { askDatabase, makes, type Surroundings } from "./cluster.ts";
import type { Link } from "./links.ts";
import { NodeActs } from "./node-acts.ts";
import { followOnce } from "./node-follows.ts";
import { renewOnce } from "./node-renews.ts";
import { NodeSessions } from "./node-sessions.ts";
import type { Found, OwnNode, SaidInRow, SimNodeOptions } from "./own-node.ts";
import { readRecord, type SimRecord } from "./tables.ts";
import { Process } from "./world.ts";

const POLL_MS = 250;

/** One process of the service, until it is killed; then another takes its place. */
export class SimNode implements OwnNode {
  readonly cluster: Surroundings;
  readonly options: SimNodeOptions;
  readonly process: Process;
  readonly toDatabase: Link;
  readonly ring: RecentInvalidations;
  readonly records = new Map<string, SimRecord>();
  readonly sessions: NodeSessions;
  readonly acts: NodeActs;
  lease: NodeLease;
  observer: ObserverState = newObserver;
  listing: (Reading & { readonly head: number }) | null = null;
  sighting: EpochSighting | null = null;
  leaving = false;
  #generation = 0;
  #following = false;
  #wanted = false;
  #renewing = false;
  #acking = false;

  constructor(cluster: Surroundings, options: SimNodeOptions, toDatabase: Link) {
    this.cluster = cluster;
    this.options = options;
    this.toDatabase = toDatabase;
    this.process = new Process(cluster.world, options.name, options.rate, options.wallAhead);
    this.ring = cluster.rules.createRing(cluster.ringKept);
    this.lease = newNodeLease(options.termMs);
    this.sessions = new NodeSessions(this);
    this.acts = new NodeActs(this);
  }

  start(): void {
    this.renew();
    this.follow();
  }

  now(): Moment {
    return this.process.moment();
  }

  isLeased(): boolean {
    return this.cluster.rules.leaseValid(this.lease, this.now());
  }

  kill(): void {
    this.process.kill();
    this.sessions.breakAll();
  }

  /** Stops in good order: gives no verdict, and keeps its row until nobody can hold a lease from it. */
  leave(): void {
    if (this.leaving) return;
    const incarnation = this.lease.phase === "in" ? this.lease.incarnation : null;
    this.leaving = true;
    this.acts.rejectAll();
    this.sessions.sayGoodbye();
    this.step({ kind: "stopped" });
    if (incarnation !== null) this.#leaveWhenFree(incarnation);
  }

  #leaveWhenFree(incarnation: string): void {
    const last = this.sessions.lastDeadline();
    if (last !== null) {
      this.process.after(last - this.now().mono + 1, () => this.#leaveWhenFree(incarnation));
      return;
    }
    const { database } = this.cluster;
    const remove = (answer: (gone: true) => void): void =>
      database.write(
        (tables) => {
          const nodes = new Map(tables.nodes);
          nodes.delete(incarnation);
          return { ...tables, nodes };
        },
        true,
        () => answer(true),
      );
    this.ask(remove, () => this.kill());
  }

  ask<T>(work: (answer: (value: T) => void) => void, done: (value: T | null) => void): void {
    askDatabase(this.cluster, this.toDatabase, this.process, Math.max(400, this.options.termMs), work, done);
  }

  /** Carries out what is to be forgotten before the new state shows; returns what is left to do. */
  step(event: NodeLeaseEvent): readonly NodeLeaseEffect[] {
    const before = this.lease;
    const [next, effects] = this.cluster.rules.stepNodeLease(before, event);
    const left: NodeLeaseEffect[] = [];
    let dropped = false;
    for (const effect of effects) {
      if (effect.kind !== "drop-everything") {
        left.push(effect);
        continue;
      }
      dropped = true;
      this.#generation += 1;
      this.ring.reset(effect.floor);
      this.records.clear();
      if (effect.because === "epoch-changed" || effect.because === "head-fell") this.#unsettle();
    }
    this.lease = next;
    if (makes(this.cluster, "counted-from-receipt")) this.#countFromNow(before);
    if (dropped && next.phase === "in") this.sessions.resync(next.epoch, next.applied);
    return left;
  }

  #countFromNow(before: NodeLease): void {
    const { lease } = this;
    if (lease.phase !== "in" || (before.phase === "in" && before.leasedFrom === lease.leasedFrom)) return;
    this.lease = { ...lease, leasedFrom: this.now() };
  }

  #unsettle(): void {
    this.acts.rejectAll();
    if (this.sighting === null) return;
    this.sighting = unsettledEpoch(this.sighting.epoch, this.now().mono, this.longestTerm(), this.longestStale());
  }

  longestStale(): number {
    return Math.max(this.options.maxStaleMs, ...[...this.observer.values()].map(({ row }) => row.maxStaleMs));
  }

  longestTerm(): number {
    return Math.max(this.options.termMs, ...[...this.observer.values()].map(({ termMs }) => termMs));
  }

  /** The change is visible to every verification here before it counts as applied, and then sessions are told. */
  apply(seq: number, subjects: readonly string[]): void {
    this.ring.note(seq, subjects);
    for (const [key, record] of [...this.records]) {
      if (record.subjects.some((subject) => subjects.includes(subject))) this.records.delete(key);
    }
    this.step({ kind: "applied", seq });
    this.sessions.applied(seq, subjects);
  }

  renew(): void {
    if (this.#renewing || this.leaving) return;
    this.#renewing = true;
    renewOnce(this, (outcome) => {
      this.#renewing = false;
      this.follow();
      const pause = outcome === "renewed" ? this.options.termMs / 3 : outcome === "lost" ? 1 : 100;
      this.process.after(pause, () => this.renew());
    });
  }

  /** Reads at once; if a read is under way, another follows it. */
  follow(): void {
    if (this.#following) {
      this.#wanted = true;
      return;
    }
    this.#following = true;
    followOnce(this, () => {
      this.#following = false;
      this.acknowledge();
      this.acts.look();
      if (this.#wanted) {
        this.#wanted = false;
        this.follow();
        return;
      }
      const { listing } = this;
      this.process.after(Math.min(POLL_MS, this.options.termMs / 4), () => {
        if (listing === this.listing) this.follow();
      });
    });
  }

  /** Writes into the row what may be acknowledged, if that is more than it says. */
  acknowledge(): void {
    if (this.#acking || this.lease.phase !== "in") return;
    const { incarnation, epoch } = this.lease;
    const said = this.sessions.said();
    const row = this.observer.get(incarnation)?.row;
    const same = row?.ackedEpoch === epoch && row.ackedSeq >= said.ackedSeq && row.vouchedSeq === said.vouchedSeq;
    if (same && row.verifiers === said.verifiers) return;
    this.#acking = true;
    this.sendAck(incarnation, epoch, said, () => {
      this.#acking = false;
    });
  }

  sendAck(incarnation: string, epoch: string, said: SaidInRow, done: () => void): void {
    const { database, notify } = this.cluster;
    const work = (answer: (value: true) => void): void =>
      database.write(
        (tables) => {
          const row = tables.nodes.get(incarnation);
          if (row === undefined || (row.ackedEpoch === epoch && row.ackedSeq > said.ackedSeq)) return tables;
          return { ...tables, nodes: new Map(tables.nodes).set(incarnation, { ...row, ...said, ackedEpoch: epoch }) };
        },
        false,
        () => {
          notify();
          answer(true);
        },
      );
    this.ask(work, done);
  }

  /** What a look-up at this node finds, for its own verifications and for verifiers. */
  find(key: string, done: (found: Found) => void): void {
    if (!this.isLeased() || this.lease.phase !== "in") {
      done(undefined);
      return;
    }
    const held = this.records.get(key);
    if (held !== undefined) {
      done({ record: held, asOfSeq: this.lease.applied });
      return;
    }
    const generation = this.#generation;
    const { database } = this.cluster;
    const fromReplica = makes(this.cluster, "row-from-replica");
    const read = (answer: (found: { record: SimRecord | null; asOfSeq: number }) => void): void =>
      answer({
        record: readRecord(fromReplica ? database.standby : database.tables, key),
        asOfSeq: database.tables.head,
      });
    this.ask(read, (found) => {
      if (found === null || !this.isLeased() || generation !== this.#generation) {
        done(undefined);
        return;
      }
      const { record, asOfSeq } = found;
      if (record !== null && this.ring.touchedSince(asOfSeq, record.subjects) === "untouched") {
        this.records.set(key, record);
      }
      done(found);
    });
  }
}
