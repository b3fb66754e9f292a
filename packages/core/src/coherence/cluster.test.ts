/**
 * Nodes, one database and the delays between them, driven by fast-check in arbitrary order with clocks that run apart by
 * as much as is allowed: once a barrier is done, no node with a valid lease is without the change.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type BarrierWaiter,
  decideBarrier,
  leaseValid,
  type NodeLease,
  type NodeLeaseEffect,
  type NodeLeaseEvent,
  type NodeRow,
  newBarrierWaiter,
  newNodeLease,
  newObserver,
  type ObserverState,
  observe,
  stepNodeLease,
} from "./index.ts";

const EPOCH = "e:00000001";

class World {
  now = 0;
  head = 0;
  ids = 0;
  readonly rows = new Map<string, NodeRow>();
  readonly nodes: SimNode[] = [];
  /** Numbers whose barrier has said that they hold everywhere. */
  readonly confirmed: number[] = [];

  id(): string {
    this.ids += 1;
    return `id${this.ids}`;
  }

  check(): void {
    for (const node of this.nodes) {
      if (!leaseValid(node.lease, node.moment())) continue;
      const applied = node.lease.phase === "in" ? node.lease.applied : -1;
      for (const seq of this.confirmed)
        expect(applied, `${node.name} accepts what ${seq} took away`).toBeGreaterThanOrEqual(seq);
    }
  }
}

/** What is on its way to the database and back: the first call takes effect there, the second brings the answer home. */
type Flight = { atServer: (() => () => void) | null; atHome: (() => void) | null };

class SimNode {
  lease: NodeLease;
  observer: ObserverState = newObserver;
  listing: { readStarted: number; readFinished: number; head: number } | null = null;
  waiter: BarrierWaiter | null = null;
  readonly flights: Flight[] = [];
  readonly world: World;
  readonly name: string;
  readonly rate: number;
  readonly termMs: number;

  constructor(world: World, name: string, rate: number, termMs: number) {
    this.world = world;
    this.name = name;
    this.rate = rate;
    this.termMs = termMs;
    this.lease = newNodeLease(termMs);
  }

  moment() {
    return { mono: this.world.now * this.rate, wall: this.world.now * this.rate };
  }

  send(atServer: () => () => void): void {
    this.flights.push({ atServer, atHome: null });
  }

  step(event: NodeLeaseEvent): void {
    const [next, effects] = stepNodeLease(this.lease, event);
    this.lease = next;
    for (const effect of effects) this.carryOut(effect);
  }

  carryOut(effect: NodeLeaseEffect): void {
    const { rows } = this.world;
    if (effect.kind === "write-join") {
      const { incarnation, token } = effect;
      const row = {
        incarnation,
        token,
        name: this.name,
        ackedSeq: 0,
        ackedEpoch: "",
        termMs: this.termMs,
        maxStaleMs: 0,
        fenced: false,
      };
      this.send(() => {
        rows.set(incarnation, row);
        return () => this.step({ kind: "renewal-committed", token, rows: 1 });
      });
    }
    if (effect.kind === "write-renewal") {
      const { incarnation, tokens, token } = effect;
      this.send(() => {
        const row = rows.get(incarnation);
        const changed = row !== undefined && !row.fenced && tokens.includes(row.token);
        if (changed) rows.set(incarnation, { ...row, token });
        return () => this.step({ kind: "renewal-committed", token, rows: changed ? 1 : 0 });
      });
    }
    if (effect.kind === "read-head") {
      this.send(() => {
        const { head } = this.world;
        return () => this.step({ kind: "head-read", token: effect.token, head, epoch: EPOCH });
      });
    }
  }

  renew(): void {
    const token = this.world.id();
    if (this.lease.phase === "in") this.step({ kind: "renewal-started", at: this.moment(), token });
    else this.step({ kind: "join-started", at: this.moment(), incarnation: this.world.id(), token });
  }

  /** Loses what is on its way; it may have reached the database or not. */
  loseOldest(): void {
    this.flights.shift();
    const { lease } = this;
    const renewal = lease.phase === "in" || lease.phase === "joining" ? lease.renewal : null;
    if (renewal !== null) this.step({ kind: "renewal-failed", token: renewal.token });
  }

  poll(): void {
    const readStarted = this.moment().mono;
    const incarnation = this.lease.phase === "in" ? this.lease.incarnation : null;
    this.send(() => {
      const rows = [...this.world.rows.values()];
      const { head } = this.world;
      return () => {
        const reading = { readStarted, readFinished: this.moment().mono };
        if (this.listing !== null && readStarted < this.listing.readStarted) return;
        this.observer = observe(this.observer, rows, reading);
        this.listing = { ...reading, head };
        if (this.lease.phase === "in" && this.lease.incarnation === incarnation) {
          this.step({ kind: "applied", seq: head });
          this.acknowledge(incarnation, this.lease.applied);
        }
        this.look();
      };
    });
  }

  acknowledge(incarnation: string, seq: number): void {
    this.send(() => {
      const row = this.world.rows.get(incarnation);
      if (row !== undefined)
        this.world.rows.set(incarnation, { ...row, ackedEpoch: EPOCH, ackedSeq: Math.max(row.ackedSeq, seq) });
      return () => undefined;
    });
  }

  revoke(): void {
    if (this.waiter !== null) return;
    this.world.head += 1;
    this.waiter = newBarrierWaiter(this.world.head, EPOCH, this.moment().mono);
  }

  look(): void {
    while (this.waiter !== null) {
      const own = this.lease.phase === "in" ? { ...this.lease, ackedSeq: this.lease.applied } : null;
      const view = {
        own,
        listing: this.listing,
        observer: this.observer,
        epochSettlesAt: null,
        now: this.moment().mono,
      };
      const [waiter, decision] = decideBarrier(this.waiter, view);
      this.waiter = waiter;
      const { rows } = this.world;
      switch (decision.kind) {
        case "wait":
          return;
        case "done":
          this.world.confirmed.push(waiter.seq);
          this.waiter = null;
          return;
        case "unconfirmed":
          this.waiter = null;
          return;
        case "fence": {
          const row = rows.get(decision.incarnation);
          if (row !== undefined && row.ackedSeq < waiter.seq) rows.set(row.incarnation, { ...row, fenced: true });
          break;
        }
        case "reap":
          if (rows.get(decision.incarnation)?.token === decision.token) rows.delete(decision.incarnation);
          break;
      }
    }
  }

  moveAll(): void {
    while (this.flights.length > 0) this.move();
  }

  /** The oldest thing under way moves on by one leg. A frozen or cut-off node is one that is not chosen for a while. */
  move(): void {
    const flight = this.flights[0];
    if (flight === undefined) return;
    if (flight.atServer !== null) {
      flight.atHome = flight.atServer();
      flight.atServer = null;
      return;
    }
    this.flights.shift();
    flight.atHome?.();
  }
}

/** Single legs, for every interleaving, and whole round trips, so that acts come to an end. */
const STEPS = [
  ...["move", "move", "poll", "renew", "lose", "crash"],
  ...["read", "read", "read", "read", "hold", "hold", "revoke", "revoke", "wait", "wait", "wait-long"],
];
const action = fc.record({
  node: fc.nat(2),
  what: fc.constantFrom(...STEPS),
  ms: fc.nat(150),
});
const rate = fc.constantFrom(0.9, 1, 1.1);
const term = fc.constantFrom(300, 1_000);

let confirmedInAll = 0;

test("once a barrier is done, no node with a valid lease is without the change (I1 to I4)", () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.tuple(rate, term), fc.tuple(rate, term), fc.tuple(rate, term)),
      fc.array(action, { minLength: 20, maxLength: 160 }),
      (settings, actions) => {
        const world = new World();
        for (const [index, [clock, termMs]] of settings.entries()) {
          const node = new SimNode(world, `n${index}`, clock, termMs);
          world.nodes.push(node);
          node.renew();
          for (let leg = 0; leg < 4; leg += 1) node.move();
        }
        for (const { node: chosen, what, ms } of actions) {
          const node = world.nodes[chosen];
          if (node === undefined) throw new TypeError("no such node");
          if (what === "move") node.move();
          if (what === "poll") node.poll();
          if (what === "renew") node.renew();
          if (what === "revoke") node.revoke();
          if (what === "lose") node.loseOldest();
          if (what === "read") {
            node.poll();
            node.moveAll();
          }
          if (what === "hold") {
            node.renew();
            node.moveAll();
          }
          if (what === "wait") world.now += ms;
          if (what === "wait-long") world.now += ms * 10;
          if (what === "crash") {
            world.nodes[chosen] = new SimNode(world, node.name, node.rate, node.termMs);
            world.nodes[chosen]?.renew();
          }
          world.check();
        }
        confirmedInAll += world.confirmed.length;
      },
    ),
    { numRuns: 3_000 },
  );
  // It would hold of a model in which nothing is ever confirmed, too.
  expect(confirmedInAll).toBeGreaterThan(500);
});
