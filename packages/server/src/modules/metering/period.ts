/** A month of UTC, such as `2026-11`. */
export type Period = string;

export const HOUR_MS = 3_600_000;
/** What a number holds exactly; no count and no sum is told to be above it. */
export const MOST = Number.MAX_SAFE_INTEGER;
/** No event is older than that, whatever a clock says. */
const EARLIEST = Date.UTC(2000, 0, 1);

/** The month of a time in milliseconds since the epoch; of one that can be no time of an event, the earliest there is. */
export function periodOf(at: number): Period {
  return new Date(at >= EARLIEST ? at : EARLIEST).toISOString().slice(0, 7);
}

/** Its first moment, in milliseconds since the epoch. */
export function startOf(period: Period): number {
  return Date.parse(`${period}-01T00:00:00Z`);
}

/** The first moment of the one after it. */
export function endOf(period: Period): number {
  const start = new Date(startOf(period));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1);
}

export function nextPeriod(period: Period): Period {
  return periodOf(endOf(period));
}

/** As the database has it: its first day. */
export function dayOf(period: Period): string {
  return `${period}-01`;
}

/** `open`: what happened in it is still added to it. `closed`: it does not change any more. */
export interface PeriodState {
  readonly period: Period;
  /** When it closed; null while it is open. */
  readonly closedAt: Date | null;
  /** Sums of a closed one, told a moment after it closed. */
  readonly sums: PeriodSums | null;
}

export interface PeriodSums {
  readonly accepted: number;
  readonly refused: number;
  /** Of accepted requests. */
  readonly cost: number;
  readonly rows: number;
}
