/**
 * How far two clocks may run apart, as a share of the time that they measure. Holders count a term as shorter by this
 * share and waiters as longer, so a lease has ended for its holder before anybody else takes it for ended.
 */
export const CLOCK_DRIFT = 0.1;

/** A holder renews this often in a term, so that one renewal may fail without harm. */
export const RENEWALS_PER_TERM = 3;

/** One reading of both clocks of this machine, in milliseconds. Never compared with a reading of another machine. */
export interface Moment {
  /** Monotonic; stops while the machine sleeps. */
  readonly mono: number;
  /** Wall clock; may jump. */
  readonly wall: number;
}

/** Milliseconds a holder may use a term of `termMs`, counted from before the request for it was sent. */
export function usableSpan(termMs: number): number {
  return termMs * (1 - CLOCK_DRIFT);
}

/** Milliseconds a waiter waits for a term of `termMs` to have ended for its holder. */
export function waitingSpan(termMs: number): number {
  return termMs * (1 + CLOCK_DRIFT);
}

/** Whether less than `spanMs` has passed since `since` by both clocks. */
export function withinSpan(since: Moment, now: Moment, spanMs: number): boolean {
  return now.mono - since.mono < spanMs && now.wall - since.wall < spanMs;
}
