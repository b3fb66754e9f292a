import {
  type BarrierDecision,
  type BarrierView,
  type BarrierWaiter,
  ClavigerError,
  decideBarrier,
  newBarrierWaiter,
  type OwnSight,
  waitingSpan,
} from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Effective } from "../../kernel/act.ts";
import type { Logger } from "../../kernel/log.ts";
import { fenceNode, reapNode } from "./coherence.store.ts";
import type { Sight } from "./follow-changes.ts";
import type { Member } from "./member.ts";

export interface BarriersOptions {
  readonly member: Member;
  readonly database: Database;
  readonly logger: Logger;
  readonly termMs: number;
  sight(): Sight;
  /** Asks for the rows to be read at once. */
  wake(): void;
}

interface Waiting {
  waiter: BarrierWaiter;
  timer: NodeJS.Timeout | null;
  readonly since: number;
  readonly resolve: (effective: Effective) => void;
  readonly reject: (error: Error) => void;
}

/** When and in which epoch a change was committed here. */
interface Mark {
  readonly at: number;
  readonly epoch: string;
}

/** Commits remembered at most, for barriers that have not begun. */
const MARKS_KEPT = 1_000;
/** A node can take a term to be fenced and another to lapse; beyond this something else is wrong. */
const PATIENCE_TERMS = 4;
const PATIENCE_MS = 5_000;

/** The acts that wait now. Each is decided anew whenever the rows were read. */
export class Barriers {
  readonly #options: BarriersOptions;
  readonly #waiting = new Set<Waiting>();
  readonly #marks = new Map<number, Mark>();

  constructor(options: BarriersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Notes the moment for the barrier that follows, so that a read which begins in between counts. */
  committed(seq: number): void {
    const mark = this.#mark();
    if (mark === null) return;
    this.#marks.set(seq, mark);
    for (const oldest of this.#marks.keys()) {
      if (this.#marks.size <= MARKS_KEPT) break;
      this.#marks.delete(oldest);
    }
  }

  /** Throws BARRIER_UNCONFIRMED. */
  barrier(seq: number): Promise<Effective> {
    const mark = this.#marks.get(seq) ?? this.#mark();
    this.#marks.delete(seq);
    if (mark === null) return Promise.reject(unconfirmed(seq, "this node is not in the cluster"));
    return new Promise((resolve, reject) => {
      const waiter = newBarrierWaiter(seq, mark.epoch, mark.at);
      const entry: Waiting = { waiter, timer: null, since: this.#now(), resolve, reject };
      this.#waiting.add(entry);
      this.#options.wake();
      this.#advance(entry);
    });
  }

  /** The rows were read anew. */
  look(): void {
    for (const entry of [...this.#waiting]) this.#advance(entry);
  }

  /** Nothing that waits now can be confirmed. */
  reject(why: string): void {
    for (const entry of [...this.#waiting]) this.#fail(entry, why);
  }

  #advance(entry: Waiting): void {
    while (this.#waiting.has(entry)) {
      const [waiter, decision] = decideBarrier(entry.waiter, this.#view());
      entry.waiter = waiter;
      if (decision.kind === "wait") {
        this.#wait(entry, decision.until);
        return;
      }
      this.#carryOut(entry, decision);
    }
  }

  #carryOut(entry: Waiting, decision: Exclude<BarrierDecision, { kind: "wait" }>): void {
    const { database, logger } = this.#options;
    const { seq, epoch } = entry.waiter;
    switch (decision.kind) {
      case "done": {
        const { everywhere, nodes, verifiers, lapsed } = decision;
        this.#end(entry);
        entry.resolve({
          everywhere,
          seq,
          waitedMs: Math.round(this.#now() - entry.since),
          nodes,
          verifiers,
          lapsed,
        });
        return;
      }
      case "unconfirmed":
        this.#fail(entry, decision.because);
        return;
      case "fence":
        logger.warn({ incarnation: decision.incarnation }, "a node renews its lease but does not follow; it is fenced");
        this.#quietly(fenceNode(database, decision.incarnation, seq, epoch));
        return;
      case "reap":
        this.#quietly(reapNode(database, decision.incarnation, decision.token));
        return;
    }
    decision satisfies never;
  }

  /** Rows are read often enough by themselves; this read comes when somebody can be found dead. */
  #wait(entry: Waiting, until: number | null): void {
    if (this.#now() - entry.since > this.#patience()) {
      this.#fail(entry, "it took too long");
      return;
    }
    if (entry.timer !== null) clearTimeout(entry.timer);
    const wake = (): void => this.#options.wake();
    entry.timer = until === null ? null : setTimeout(wake, Math.max(0, until - this.#now()));
  }

  #fail(entry: Waiting, why: string): void {
    this.#end(entry);
    entry.reject(unconfirmed(entry.waiter.seq, why));
  }

  #end(entry: Waiting): void {
    if (entry.timer !== null) clearTimeout(entry.timer);
    this.#waiting.delete(entry);
  }

  #quietly(work: Promise<void>): void {
    work.catch((error: unknown) =>
      this.#options.logger.warn({ error }, "the row of another node could not be changed"),
    );
  }

  #view(): BarrierView {
    const { listing, observer, epoch } = this.#options.sight();
    const own = this.#own(epoch?.epoch ?? null);
    const { settlesAt: epochSettlesAt = null, vouchesAt: epochVouchesAt = null } = epoch ?? {};
    return { own, listing, observer, epochSettlesAt, epochVouchesAt, now: this.#now() };
  }

  /** Between the first sight of an epoch and joining it, this node can speak for neither. */
  #own(epoch: string | null): OwnSight | null {
    const { member } = this.#options;
    const [joined, confirmed] = [member.joined(), member.confirmed()];
    if (joined === null || confirmed === null || joined.epoch !== epoch) return null;
    return { incarnation: joined.incarnation, epoch, ...confirmed };
  }

  #patience(): number {
    const terms = [...this.#options.sight().observer.values()].map((watched) => watched.termMs);
    return PATIENCE_TERMS * waitingSpan(Math.max(this.#options.termMs, ...terms)) + PATIENCE_MS;
  }

  #mark(): Mark | null {
    const joined = this.#options.member.joined();
    return joined === null ? null : { at: this.#now(), epoch: joined.epoch };
  }

  #now(): number {
    return this.#options.member.now().mono;
  }
}

function unconfirmed(seq: number, why: string): ClavigerError {
  return new ClavigerError("BARRIER_UNCONFIRMED", { extra: { seq }, internal: why });
}
