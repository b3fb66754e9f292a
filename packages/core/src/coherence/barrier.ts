/**
 * The barrier of one act that takes something away: who still has to confirm that the change `seq` is applied, and what
 * to do about those that do not. Pure: the caller reads rows and clocks, asks again after each read, and carries out
 * what is answered.
 *
 * A waiter awaits the rows that were there at the first read begun after the commit. Whoever joins later has read a head
 * of at least `seq` before it could use its lease. A row is settled when
 * - it is this node's own, and this node may acknowledge `seq`; or
 * - it acknowledged `seq` in this epoch; or
 * - it is dead by our own observation, up to a read begun after the commit: lapsed; or
 * - it is gone: given back, or removed by another observer, which found it dead. Where it had missed a renewal it counts
 *   as lapsed.
 * One that goes on renewing without acknowledging is fenced after a term, and is dead a term after that.
 */
import { RENEWALS_PER_TERM, waitingSpan } from "./moment.ts";
import { deadAt, isDead, isRemovable, type ObserverState, type Reading, type Watched } from "./observer.ts";

export interface BarrierWaiter {
  readonly seq: number;
  /** The epoch in which the change was committed. */
  readonly epoch: string;
  /** Monotonic time at which the commit had returned. */
  readonly committedAt: number;
  /** The rows at the first read begun after the commit; null before there was one. */
  readonly awaited: ReadonlyMap<string, Watched> | null;
  readonly firstListedAt: number;
  readonly settled: ReadonlySet<string>;
  /** Incarnation → name of those that never confirmed. */
  readonly lapsed: ReadonlyMap<string, string>;
  /** False once somebody lapsed, or confirmed, whose verifiers may go on without a lease. */
  readonly vouched: boolean;
  /** Verifiers of the nodes that confirmed. */
  readonly verifiers: number;
  /** What was asked for already, and is not asked for again. */
  readonly fenced: ReadonlySet<string>;
  readonly reaped: ReadonlySet<string>;
}

/** What this node would write into its row now. */
export interface OwnSight {
  readonly incarnation: string;
  readonly epoch: string;
  /** Applied here, and nobody under a lease from here acts on what was before; see `ackableSeq`. */
  readonly ackedSeq: number;
  /** See `NodeRow`. */
  readonly vouchedSeq?: number | undefined;
  readonly verifiers?: number | undefined;
}

/** What this node knows when it asks. */
export interface BarrierView {
  /** The node itself; null while it is not in the cluster. */
  readonly own: OwnSight | null;
  /** The newest read of all rows, and the head in the same snapshot; null before the first. */
  readonly listing: (Reading & { readonly head: number }) | null;
  readonly observer: ObserverState;
  /** Until when somebody whose row was lost with the former epoch may hold a lease; null when nobody can. */
  readonly epochSettlesAt: number | null;
  /** Until when a verifier of such a one may go on without a lease; null or left out when none can. */
  readonly epochVouchesAt?: number | null | undefined;
  readonly now: number;
}

export type BarrierDecision =
  /** No process anywhere acts on what was before `seq`, but for what `everywhere: false` says. */
  | {
      readonly kind: "done";
      readonly everywhere: boolean;
      readonly nodes: number;
      readonly verifiers: number;
      readonly lapsed: readonly string[];
    }
  /** Ask again after the next read of the rows; one begun at `until` may settle something. */
  | { readonly kind: "wait"; readonly until: number | null }
  /** Make this row unrenewable unless it has acknowledged by now; ask again. */
  | { readonly kind: "fence"; readonly incarnation: string }
  /** Remove this row if it still holds the token; ask again. */
  | { readonly kind: "reap"; readonly incarnation: string; readonly token: string }
  /** It cannot be said any more: the database is another one now, or the change is not in it. */
  | { readonly kind: "unconfirmed"; readonly because: "epoch-changed" | "change-lost" };

/** Starts waiting. `committedAt` is a reading of the monotonic clock taken after the commit had returned. */
export function newBarrierWaiter(seq: number, epoch: string, committedAt: number): BarrierWaiter {
  return {
    seq,
    epoch,
    committedAt,
    awaited: null,
    firstListedAt: committedAt,
    settled: new Set(),
    lapsed: new Map(),
    vouched: true,
    verifiers: 0,
    fenced: new Set(),
    reaped: new Set(),
  };
}

/** One look at the rows. Ask again at once after `fence` and `reap`, with the waiter returned. */
export function decideBarrier(waiter: BarrierWaiter, view: BarrierView): readonly [BarrierWaiter, BarrierDecision] {
  const { own, listing } = view;
  if (own !== null && own.epoch !== waiter.epoch) return [waiter, { kind: "unconfirmed", because: "epoch-changed" }];
  // A list from before the commit misses a node that joined just before it.
  if (own === null || listing === null || listing.readStarted < waiter.committedAt) {
    return [waiter, { kind: "wait", until: null }];
  }
  if (listing.head < waiter.seq) return [waiter, { kind: "unconfirmed", because: "change-lost" }];
  const looked = settle(listed(waiter, view, listing), view);
  const action = nextAction(looked, view);
  if (action !== null) return action;
  const open = openRows(looked, view);
  const ownSettled = own.ackedSeq >= waiter.seq;
  const epochSettled = view.epochSettlesAt === null || view.now >= view.epochSettlesAt;
  if (open.length > 0 || !ownSettled || !epochSettled)
    return [looked, { kind: "wait", until: nextTime(looked, open, view) }];
  const lapsed = [...looked.lapsed.values()].sort();
  const { awaited, verifiers } = looked;
  const everywhere = looked.vouched && view.now >= (view.epochVouchesAt ?? Number.NEGATIVE_INFINITY);
  return [looked, { kind: "done", everywhere, nodes: awaited?.size ?? 0, verifiers, lapsed }];
}

function listed(waiter: BarrierWaiter, view: BarrierView, listing: Reading): BarrierWaiter {
  if (waiter.awaited !== null) return waiter;
  return { ...waiter, awaited: new Map(view.observer), firstListedAt: listing.readFinished };
}

function settle(waiter: BarrierWaiter, view: BarrierView): BarrierWaiter {
  const settled = new Set(waiter.settled);
  const lapsed = new Map(waiter.lapsed);
  const awaited = new Map(waiter.awaited);
  let { vouched, verifiers } = waiter;
  for (const [incarnation, before] of awaited) {
    if (settled.has(incarnation)) continue;
    const watched = view.observer.get(incarnation);
    if (watched !== undefined) awaited.set(incarnation, watched);
    const outcome = outcomeOf(waiter, view, before, watched);
    if (outcome === "open") continue;
    settled.add(incarnation);
    if (outcome === "confirmed") {
      const said = incarnation === view.own?.incarnation ? view.own : (watched?.row ?? null);
      verifiers += said?.verifiers ?? 0;
      if (said !== null && (said.vouchedSeq ?? waiter.seq) < waiter.seq) vouched = false;
      continue;
    }
    lapsed.set(incarnation, before.row.name);
    if (before.row.maxStaleMs > 0) vouched = false;
  }
  return { ...waiter, awaited, settled, lapsed, vouched, verifiers };
}

function outcomeOf(
  waiter: BarrierWaiter,
  view: BarrierView,
  before: Watched,
  watched: Watched | undefined,
): "open" | "confirmed" | "lapsed" {
  const { incarnation } = before.row;
  if (incarnation === view.own?.incarnation) return view.own.ackedSeq >= waiter.seq ? "confirmed" : "open";
  if (watched === undefined) return wasRenewing(before, view) ? "confirmed" : "lapsed";
  if (watched.row.ackedEpoch === waiter.epoch && watched.row.ackedSeq >= waiter.seq) return "confirmed";
  return isDead(watched) && watched.lastReadStarted >= waiter.committedAt ? "lapsed" : "open";
}

/** Whether a row that is gone was still being renewed: then it was given back, not removed by another observer. */
function wasRenewing(before: Watched, view: BarrierView): boolean {
  const unchanged = (view.listing?.readFinished ?? view.now) - before.tokenSeenAt;
  return unchanged < (2 * before.termMs) / RENEWALS_PER_TERM;
}

/** A dead row is removed by whoever finds that nobody goes on under it, so that nobody waits for it again; then the slow ones are fenced. */
function nextAction(waiter: BarrierWaiter, view: BarrierView): readonly [BarrierWaiter, BarrierDecision] | null {
  for (const incarnation of waiter.lapsed.keys()) {
    const watched = view.observer.get(incarnation);
    if (watched === undefined || waiter.reaped.has(incarnation) || !isRemovable(watched)) continue;
    const reaped = new Set(waiter.reaped).add(incarnation);
    return [
      { ...waiter, reaped },
      { kind: "reap", incarnation, token: watched.row.token },
    ];
  }
  for (const { row, termMs } of openRows(waiter, view)) {
    if (row.incarnation === view.own?.incarnation || row.fenced || waiter.fenced.has(row.incarnation)) continue;
    if (view.now - waiter.firstListedAt < waitingSpan(termMs)) continue;
    const fenced = new Set(waiter.fenced).add(row.incarnation);
    return [
      { ...waiter, fenced },
      { kind: "fence", incarnation: row.incarnation },
    ];
  }
  return null;
}

function openRows(waiter: BarrierWaiter, view: BarrierView): readonly Watched[] {
  const open: Watched[] = [];
  for (const incarnation of waiter.awaited?.keys() ?? []) {
    const watched = view.observer.get(incarnation);
    if (watched !== undefined && !waiter.settled.has(incarnation)) open.push(watched);
  }
  return open;
}

/** The next time at which looking can change something though nobody writes. */
function nextTime(waiter: BarrierWaiter, open: readonly Watched[], view: BarrierView): number | null {
  const times = open.flatMap((watched) => [deadAt(watched), waiter.firstListedAt + waitingSpan(watched.termMs)]);
  if (view.epochSettlesAt !== null) times.push(view.epochSettlesAt);
  const ahead = times.filter((time) => time > view.now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}
