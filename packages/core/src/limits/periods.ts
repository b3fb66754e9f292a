import type { Limit } from "./limit.ts";

const DAY_MS = 86_400_000;
const MONTHS = 12;

/** Length of a sliding window in milliseconds; null for what does not slide. */
export const WINDOW_MS: Readonly<Record<Limit["per"], number | null>> = Object.freeze({
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: null,
  month: null,
  lifetime: null,
});

export type CalendarUnit = "day" | "month";

/** Number of the UTC day or month that holds `wall`, milliseconds since the epoch. Whole, rising, one apart. */
export function periodAt(unit: CalendarUnit, wall: number): number {
  if (unit === "day") return Math.floor(wall / DAY_MS);
  const date = new Date(wall);
  return date.getUTCFullYear() * MONTHS + date.getUTCMonth();
}

/** Calendar periods are kept so long after their end, in case a clock is set back. */
const KEPT_MS = 35 * DAY_MS;

/** When what is recorded of a period may be forgotten, in milliseconds since the epoch. */
export function forgottenAt(unit: CalendarUnit, period: number): number {
  return periodEnd(unit, period) + KEPT_MS;
}

/** When the period of this number ends, in milliseconds since the epoch. */
export function periodEnd(unit: CalendarUnit, period: number): number {
  if (unit === "day") return (period + 1) * DAY_MS;
  return Date.UTC(Math.floor((period + 1) / MONTHS), (period + 1) % MONTHS, 1);
}
