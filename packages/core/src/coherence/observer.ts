/**
 * Watching the rows of other nodes. A row's token changes with each renewal, so a row whose token has not changed for its
 * whole term has no lease behind it any more. All times are readings of the observer's own monotonic clock, in ms.
 */
import { waitingSpan } from "./moment.ts";

/** A node's row as read from the database. */
export interface NodeRow {
  readonly incarnation: string;
  readonly name: string;
  readonly token: string;
  readonly ackedSeq: number;
  readonly ackedEpoch: string;
  /** The term this node asks for itself, in milliseconds. Observers use it, never a setting of their own. */
  readonly termMs: number;
  /** How long its verifiers may go on without a lease, in milliseconds; 0 is never. */
  readonly maxStaleMs: number;
  /**
   * What was acknowledged by those of its verifiers as well that may go on without a lease; left out: all of `ackedSeq`.
   */
  readonly vouchedSeq?: number | undefined;
  /** How many verifiers may hold a lease from it; left out: none. */
  readonly verifiers?: number | undefined;
  /** A fenced row is never renewed again. */
  readonly fenced: boolean;
}

/** When the read of all rows was sent, and when its answer was there. */
export interface Reading {
  readonly readStarted: number;
  readonly readFinished: number;
}

export interface Watched {
  readonly row: NodeRow;
  /** Finish of the first read that saw this token: the renewal cannot have been written later. */
  readonly tokenSeenAt: number;
  /** Start of the last read that saw this token: the renewal after it cannot have been written earlier. */
  readonly lastReadStarted: number;
  /** The longest term that the row named under this token. */
  readonly termMs: number;
}

export type ObserverState = ReadonlyMap<string, Watched>;

export const newObserver: ObserverState = new Map();

/** Takes in one read of all rows. A row that is gone is no longer watched. */
export function observe(state: ObserverState, rows: readonly NodeRow[], reading: Reading): ObserverState {
  const next = new Map<string, Watched>();
  for (const row of rows) {
    const known = state.get(row.incarnation);
    next.set(
      row.incarnation,
      known !== undefined && known.row.token === row.token
        ? {
            row,
            tokenSeenAt: Math.min(known.tokenSeenAt, reading.readFinished),
            lastReadStarted: Math.max(known.lastReadStarted, reading.readStarted),
            termMs: Math.max(known.termMs, row.termMs),
          }
        : { row, tokenSeenAt: reading.readFinished, lastReadStarted: reading.readStarted, termMs: row.termMs },
    );
  }
  return next;
}

/** Milliseconds for which the row is known not to have been renewed. */
export function unchangedMs(watched: Watched): number {
  return Math.max(0, watched.lastReadStarted - watched.tokenSeenAt);
}

/** Whether no lease can be behind this row: its token stood still for its term and the clocks' drift. */
export function isDead(watched: Watched): boolean {
  return unchangedMs(watched) >= waitingSpan(watched.termMs);
}

/**
 * Whether nobody acts on anything under this row any more, so that it may be removed: also not those verifiers of it that
 * were allowed to go on without a lease for a while.
 */
export function isRemovable(watched: Watched): boolean {
  return unchangedMs(watched) >= waitingSpan(watched.termMs + watched.row.maxStaleMs);
}

/** The earliest start of a read that can find this row dead. */
export function deadAt(watched: Watched): number {
  return watched.tokenSeenAt + waitingSpan(watched.termMs);
}
