const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** For so long after its last call a dead key counts as called. */
export const CALLED_DAYS = 30;
/** A dead key that nobody presented for so long is silent: whoever had it has let go. */
export const SILENT_DAYS = 7;
export const EXPIRING_DAYS = 30;
/** An account with more active keys than these is in the view of such. */
export const MANY_KEYS = 10;

/** A key with more requests than these within 24 hours is in the view of such. */
export const RUNAWAY = { requests: 10_000 } as const;
/** A key that is not of production is used like one of it when it was busy on so many of the last seven days. */
export const LIKE_PRODUCTION = { days: 5, requestsADay: 1_000 } as const;

/** What the same question is asked of: a moment, and others by their distance. */
export interface Moment {
  readonly now: Date;
  daysAgo(days: number): Date;
  inDays(days: number): Date;
}

export function momentAt(now: Date): Moment {
  return {
    now,
    daysAgo: (days) => new Date(now.getTime() - days * DAY_MS),
    inDays: (days) => new Date(now.getTime() + days * DAY_MS),
  };
}

/** The beginning of its hour, as narrow rows tell when a key was used. */
export function hourOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS);
}

/** Whole days from one moment to a later one. */
export function daysBetween(earlier: Date, later: Date): number {
  return Math.floor((later.getTime() - earlier.getTime()) / DAY_MS);
}
