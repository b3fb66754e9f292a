import type { Moment } from "./season.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** A Wednesday, some minutes after an hour has begun, so that whatever is done at a moment stays within its hour. */
export const THE_END = Date.UTC(2026, 5, 17, 10, 20);
const MIDNIGHT = Date.UTC(2026, 5, 17);
const MINUTES_MS = THE_END % HOUR_MS;
/** What is made, revoked and expires does so at this hour, before the working day of customers. */
const ACTS_AT = 8;

/** In milliseconds since the epoch. */
function timeOf(daysAgo: number, hour: number): number {
  return MIDNIGHT - daysAgo * DAY_MS + hour * HOUR_MS + MINUTES_MS;
}

export function actTime(daysAgo: number): number {
  return timeOf(daysAgo, ACTS_AT);
}

/** Moments of these dates at these hours, first to last. */
export function momentsOn(days: readonly number[], hours: readonly number[]): Moment[] {
  return days
    .flatMap((daysAgo) =>
      hours.map((hour) => {
        const at = timeOf(daysAgo, hour);
        // The first of January 1970 was a Thursday.
        return { at, daysAgo, hour, weekday: (Math.floor(at / DAY_MS) + 4) % 7 };
      }),
    )
    .toSorted((a, b) => a.at - b.at);
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
