/** Periods that are looked back over, and how finely. */
import type { Tx } from "../../../db/index.ts";
import {
  type SeriesRow,
  type SeriesStep,
  type Span,
  type Subject,
  selectMinutes,
  selectSeries,
} from "../queries/series.ts";

export type Period = "1h" | "24h" | "7d" | "30d" | "90d" | "12mo";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = { minute: MINUTE_MS, hour: HOUR_MS, "6 hours": 6 * HOUR_MS, day: DAY_MS } as const;

const STEPS: Readonly<Record<Period, { readonly step: SeriesStep; readonly points: number }>> = {
  "1h": { step: "minute", points: 60 },
  "24h": { step: "hour", points: 24 },
  "7d": { step: "6 hours", points: 28 },
  "30d": { step: "day", points: 30 },
  "90d": { step: "day", points: 90 },
  "12mo": { step: "month", points: 12 },
};

/** The beginning of a step that is so many steps away from the one of `at`; UTC, milliseconds since the epoch. */
export function stepStart(step: SeriesStep, at: number, away = 0): number {
  if (step === "month") {
    const time = new Date(at);
    return Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + away, 1);
  }
  const length = STEP_MS[step];
  return (Math.floor(at / length) + away) * length;
}

export interface Series {
  readonly period: Period;
  readonly step: SeriesStep;
  readonly from: string;
  readonly to: string;
  /** False where there is too much to add up: then it begins later than the period. */
  readonly complete: boolean;
  readonly data: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly at: string;
  readonly requests: number;
  readonly accepted: number;
  readonly refused: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly durationMs: { readonly reported: number; readonly mean: number; readonly max: number } | null;
}

/** Counts that are added up for one series of an account, about: each key in use has one for each hour or day, and endpoint. */
const MOST_COUNTS = 2_000_000;
/** How many of them a key has in one point. */
const COUNTS_IN: Readonly<Record<SeriesStep, number>> = { minute: 1, hour: 1, "6 hours": 6, day: 1, month: 31 };

/** How many points of these are told of an account with so many keys in use: the latest ones. */
export function pointsOf(step: SeriesStep, points: number, keys: number): number {
  return Math.max(1, Math.min(points, Math.floor(MOST_COUNTS / (Math.max(1, keys) * COUNTS_IN[step]))));
}

/**
 * The period up to and with the step that runs, or as much of it as can be added up where it is of so many `keys`. `now` in milliseconds
 * since the epoch.
 */
export async function seriesOf(tx: Tx, subject: Subject, period: Period, now: number, keys = 1): Promise<Series> {
  const { step, points: wanted } = STEPS[period];
  const points = pointsOf(step, wanted, keys);
  if (step !== "minute") {
    const span = spanOf(step, points, now);
    return { ...shaped(period, step, span, await selectSeries(tx, subject, step, span)), complete: points === wanted };
  }
  const span = spanOf("minute", points, now);
  const rows = subject !== "all" && "key" in subject ? await selectMinutes(tx, subject.key, span) : null;
  if (rows !== null) return shaped(period, "minute", span, rows);
  const hours = spanOf("hour", 2, now);
  return shaped(period, "hour", hours, await selectSeries(tx, subject, "hour", hours));
}

function spanOf(step: SeriesStep, points: number, now: number): Span {
  return { from: new Date(stepStart(step, now, 1 - points)), to: new Date(stepStart(step, now, 1)) };
}

/** Every point there is room for, those without requests as zeros. */
export function shaped(period: Period, step: SeriesStep, span: Span, rows: readonly SeriesRow[]): Series {
  const byTime = Map.groupBy(rows, ({ at }) => at.getTime());
  const data: SeriesPoint[] = [];
  for (let at = span.from.getTime(); at < span.to.getTime(); at = stepStart(step, at, 1)) {
    data.push(pointOf(new Date(at), byTime.get(at) ?? []));
  }
  return { period, step, from: span.from.toISOString(), to: span.to.toISOString(), complete: true, data };
}

function pointOf(at: Date, rows: readonly SeriesRow[]): SeriesPoint {
  const sum = (of: readonly SeriesRow[], read: (row: SeriesRow) => number): number =>
    of.reduce((total, row) => total + Number(read(row)), 0);
  const refused = rows.filter(({ code }) => code !== "VALID");
  const [requests, reported] = [sum(rows, (row) => row.requests), sum(rows, (row) => row.reported)];
  const durations = {
    reported,
    mean: sum(rows, (row) => row.totalMs) / reported,
    max: Math.max(...rows.map(({ maxMs }) => Number(maxMs))),
  };
  const refusedSum = sum(refused, (row) => row.requests);
  return {
    ...{ at: at.toISOString(), requests, accepted: requests - refusedSum, refused: refusedSum },
    refusals: Object.fromEntries(refused.map((row) => [row.code, Number(row.requests)])),
    durationMs: reported === 0 ? null : durations,
  };
}
