/** Counts over time, of one key, one account or all. */
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Whose. */
export type Subject = { readonly key: string } | { readonly account: string } | "all";
export type SeriesStep = "minute" | "hour" | "6 hours" | "day" | "month";

export interface SeriesRow {
  readonly at: Date;
  readonly code: string;
  readonly requests: number;
  /** Requests of which a duration is known, and these added up. */
  readonly reported: number;
  readonly totalMs: number;
  readonly maxMs: number;
}

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

function whose(subject: Subject): RawBuilder<unknown> {
  if (subject === "all") return sql`true`;
  return "key" in subject ? sql`key_id = ${subject.key}` : sql`account_id = ${subject.account}`;
}

function bucketOf(step: Exclude<SeriesStep, "minute">): RawBuilder<unknown> {
  return step === "6 hours"
    ? sql`date_bin('6 hours', starts_at, '2000-01-01 00:00:00+00')`
    : sql`date_trunc(${sql.lit(step)}, starts_at, 'UTC')`;
}

/** By step and code, from exact counts. Sums of all keys know no durations. */
export async function selectSeries(
  tx: Tx,
  subject: Subject,
  step: Exclude<SeriesStep, "minute">,
  { from, to }: Span,
): Promise<readonly SeriesRow[]> {
  const byHour = step === "hour" || step === "6 hours";
  const table = subject === "all" ? "usage_total" : byHour ? "usage_hour" : "usage_day";
  const durations =
    subject === "all"
      ? sql`0 AS reported, 0 AS "totalMs", 0 AS "maxMs"`
      : sql`sum(durations)::bigint AS reported, sum(duration_ms) AS "totalMs", max(duration_max_ms) AS "maxMs"`;
  const { rows } = await sql<SeriesRow>`
    SELECT ${bucketOf(step)} AS at, code, sum(requests)::bigint AS requests, ${durations}
    FROM ${sql.table(table)} WHERE ${whose(subject)} AND starts_at >= ${from} AND starts_at < ${to}
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(tx);
  return rows;
}

/** Single events that are added up for one hour by the minute; of more, the hours are told. */
const READ_OF_HOUR = 20_000;

/**
 * A key by the minute, from single events, each weighted by what it stands for; null where there are too many to read. In their order, so
 * that they are found by the index of the key, and not by reading the day up to them.
 */
export async function selectMinutes(tx: Tx, key: string, { from, to }: Span): Promise<readonly SeriesRow[] | null> {
  const { rows } = await sql<SeriesRow & { readonly read: number }>`
    SELECT date_trunc('minute', at, 'UTC') AS at, code, sum(stands_for)::bigint AS requests,
      coalesce(sum(stands_for) FILTER (WHERE duration_ms IS NOT NULL), 0)::bigint AS reported,
      coalesce(sum(duration_ms * stands_for), 0)::float8 AS "totalMs", coalesce(max(duration_ms), 0)::float8 AS "maxMs",
      sum(count(*)) OVER () AS read
    FROM (SELECT at, code, stands_for, duration_ms FROM usage_event WHERE key_id = ${key} AND at >= ${from} AND at < ${to}
      ORDER BY at LIMIT ${sql.lit(READ_OF_HOUR + 1)}) e
    GROUP BY 1, 2 ORDER BY 1, 2`.execute(tx);
  return Number(rows[0]?.read ?? 0) > READ_OF_HOUR ? null : rows;
}
