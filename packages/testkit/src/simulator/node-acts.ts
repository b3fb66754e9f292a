import {
  type BarrierDecision,
  type BarrierView,
  type BarrierWaiter,
  isDead,
  newBarrierWaiter,
  type Watched,
  waitingSpan,
} from "@claviger/core";
import { makes } from "./cluster.ts";
import { reap } from "./node-follows.ts";
import type { OwnNode } from "./own-node.ts";
import { type Act, isNarrowing, withAct, withNode } from "./tables.ts";

interface Waiting {
  waiter: BarrierWaiter;
  readonly since: number;
  /** Until when a timer is set. */
  timer: number | null;
  /** Rows that looked dead before the commit, for the mistake of going by that. */
  readonly seenDead: readonly Watched[];
  /** Everywhere or not; null: it cannot be said. */
  readonly resolve: (everywhere: boolean | null) => void;
}

interface Committed {
  readonly seq: number;
  readonly known: boolean;
  readonly foundDone: boolean;
}

const ATTEMPTS = 4;
const RETRY_MS = 150;

/** Acts called for at this node, and those of them that wait at the barrier. */
export class NodeActs {
  readonly #node: OwnNode;
  readonly #waiting = new Set<Waiting>();

  constructor(node: OwnNode) {
    this.#node = node;
  }

  /** As a client does it: what did not come back with success is repeated, a few times. */
  call(act: Act, attempt = 1): void {
    const { history, world } = this.#node.cluster;
    if (attempt === 1) history.called(act);
    const again = (): void => {
      history.counts.unconfirmed += 1;
      if (attempt < ATTEMPTS) this.#node.process.after(RETRY_MS, () => this.call(act, attempt + 1));
    };
    const startedAt = this.#node.now().mono;
    const waitsFor = this.#node.listing;
    this.#commit(act, (committed) => {
      if (committed === null || !committed.known) {
        again();
        return;
      }
      const { seq, foundDone } = committed;
      if (!isNarrowing(act)) return;
      if (foundDone && makes(this.#node.cluster, "stored-effective")) {
        history.confirmed(act, seq, true, world.now);
        return;
      }
      const early = makes(this.#node.cluster, "listed-before-commit") && waitsFor !== null;
      const committedAt = early ? Math.min(startedAt, waitsFor.readStarted) : this.#node.now().mono;
      this.#barrier(seq, committedAt, (everywhere) => {
        if (everywhere === null) again();
        else history.confirmed(act, seq, everywhere, world.now);
      });
    });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  rejectAll(): void {
    for (const entry of [...this.#waiting]) this.#end(entry, null);
  }

  connectionLost(): void {
    this.rejectAll();
  }

  /** The rows were read anew, something was acknowledged, or time has passed. */
  look(): void {
    for (const entry of [...this.#waiting]) this.#advance(entry);
  }

  #commit(act: Act, done: (committed: Committed | null) => void): void {
    const { database, history, world, logKept, notify } = this.#node.cluster;
    const work = (answer: (committed: Committed) => void): void => {
      // The rows come first and the head last.
      world.after(world.dice.between(0, 60), () => {
        if (!database.up) return;
        database.lockHead((unlock) => {
          const foundDone = withAct(database.tables, act, logKept) === null;
          database.write(
            (tables) => withAct(tables, act, logKept) ?? tables,
            true,
            (written) => {
              const seq = database.tables.head;
              if (!foundDone) history.committed(act, seq);
              unlock();
              notify();
              answer({ seq, known: written === "committed", foundDone });
            },
          );
        });
      });
    };
    this.#node.ask<Committed>(work, done);
  }

  #barrier(seq: number, committedAt: number, resolve: Waiting["resolve"]): void {
    const { lease, observer } = this.#node;
    if (lease.phase !== "in") {
      resolve(null);
      return;
    }
    const entry: Waiting = {
      waiter: newBarrierWaiter(seq, lease.epoch, committedAt),
      since: this.#node.now().mono,
      timer: null,
      seenDead: [...observer.values()].filter(isDead),
      resolve,
    };
    this.#waiting.add(entry);
    this.#node.follow();
    this.#advance(entry);
  }

  #advance(entry: Waiting): void {
    while (this.#waiting.has(entry)) {
      const [waiter, decision] = this.#node.cluster.rules.decideBarrier(entry.waiter, this.#view(entry));
      entry.waiter = waiter;
      if (decision.kind === "wait") {
        this.#wait(entry, decision.until);
        return;
      }
      this.#carryOut(entry, decision);
    }
  }

  #carryOut(entry: Waiting, decision: Exclude<BarrierDecision, { kind: "wait" }>): void {
    switch (decision.kind) {
      case "done": {
        const { counts } = this.#node.cluster.history;
        if (decision.lapsed.length > 0) counts.lapsed += 1;
        counts.verifiersCounted += decision.verifiers;
        this.#end(entry, decision.everywhere);
        return;
      }
      case "unconfirmed":
        this.#end(entry, null);
        return;
      case "fence":
        this.#fence(decision.incarnation, entry.waiter);
        return;
      case "reap":
        reap(this.#node, decision.incarnation, decision.token);
        return;
    }
    decision satisfies never;
  }

  #fence(incarnation: string, { seq, epoch }: BarrierWaiter): void {
    const work = (answer: (value: true) => void): void =>
      this.#node.cluster.database.write(
        (tables) =>
          withNode(tables, incarnation, (row) =>
            row.ackedEpoch === epoch && row.ackedSeq >= seq ? row : { ...row, fenced: true },
          ),
        true,
        () => answer(true),
      );
    this.#node.ask(work, () => undefined);
  }

  #wait(entry: Waiting, until: number | null): void {
    const now = this.#node.now().mono;
    if (now - entry.since > 4 * waitingSpan(this.#node.longestTerm()) + 5_000) {
      this.#end(entry, null);
      return;
    }
    if (until === null || until === entry.timer) return;
    entry.timer = until;
    this.#node.process.after(until - now + 0.5, () => this.#node.follow());
  }

  #end(entry: Waiting, everywhere: boolean | null): void {
    this.#waiting.delete(entry);
    entry.resolve(everywhere);
  }

  #view(entry: Waiting): BarrierView {
    const { lease, sighting, sessions, cluster } = this.#node;
    let { listing } = this.#node;
    // Whoever goes by an old list does not ask what else was true then.
    if (listing !== null && makes(cluster, "listed-before-commit")) {
      listing = { ...listing, head: Math.max(listing.head, entry.waiter.seq) };
    }
    const speaks = lease.phase === "in" && lease.epoch === sighting?.epoch;
    const own = speaks ? { incarnation: lease.incarnation, epoch: lease.epoch, ...sessions.said() } : null;
    let { observer } = this.#node;
    if (makes(cluster, "observed-before-commit")) {
      const changed = new Map(observer);
      for (const watched of entry.seenDead) {
        const { incarnation } = watched.row;
        if (changed.has(incarnation)) changed.set(incarnation, { ...watched, lastReadStarted: Number.MAX_VALUE });
      }
      observer = changed;
    }
    const epochSettlesAt = sighting?.settlesAt ?? null;
    const epochVouchesAt = sighting?.vouchesAt ?? null;
    return { own, listing, observer, epochSettlesAt, epochVouchesAt, now: this.#node.now().mono };
  }
}
