/** Keys by how much they were used. Both questions look at days of much use, of which there are few, and which have an index. */
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { hourOf, LIKE_PRODUCTION, type Moment, RUNAWAY } from "../view-moment.ts";

/** Days with more requests are in the index of busy days. */
const BUSY_DAY = LIKE_PRODUCTION.requestsADay;
const DAYS_IN_A_WEEK = 7;

/** The whole hours of the last day, the one that runs included. */
const lastDayOf = ({ daysAgo }: Moment): Date => new Date(hourOf(daysAgo(1)).getTime() + 3_600_000);

const dateOf = (time: Date): string => time.toISOString().slice(0, 10);
const requestsSince = (key: RawBuilder<unknown>, since: Date): RawBuilder<unknown> =>
  sql`(SELECT coalesce(sum(u.requests), 0)::bigint FROM usage_hour u WHERE u.key_id = ${key} AND u.starts_at >= ${since})`;

/**
 * Keys with more requests than that within a day. What they have on these two dates together is at least as much, and
 * what is missing in the index of that is at most one busy day.
 */
export function runawayKeys(moment: Moment): RawBuilder<unknown> {
  const since = lastDayOf(moment);
  return sql`SELECT b.key_id FROM (
      SELECT d.key_id FROM key_use_day d WHERE d.day >= ${dateOf(since)}::date AND d.requests > ${sql.lit(BUSY_DAY)}
      GROUP BY d.key_id HAVING sum(d.requests) > ${sql.lit(RUNAWAY.requests - BUSY_DAY)}) b
    WHERE ${requestsSince(sql`b.key_id`, since)} > ${sql.lit(RUNAWAY.requests)}`;
}

/** Keys that were busy on so many of the last days. */
export function steadilyBusyKeys({ daysAgo }: Moment): RawBuilder<unknown> {
  return sql`SELECT d.key_id FROM key_use_day d
    WHERE d.day > ${dateOf(daysAgo(DAYS_IN_A_WEEK))}::date AND d.requests > ${sql.lit(BUSY_DAY)}
    GROUP BY d.key_id HAVING count(*) >= ${sql.lit(LIKE_PRODUCTION.days)}`;
}

export interface BusyKey {
  readonly key: string;
  /** Within the last day. */
  readonly requests24h: number;
  /** Of the last seven dates, and on how many of them there was much. */
  readonly requests7d: number;
  readonly busyDays: number;
}

export async function selectBusy(tx: Tx, ids: readonly string[], moment: Moment): Promise<BusyKey[]> {
  const week = dateOf(moment.daysAgo(DAYS_IN_A_WEEK));
  const { rows } = await sql<BusyKey>`
    SELECT g.id AS key, ${requestsSince(sql`g.id`, lastDayOf(moment))} AS "requests24h",
      coalesce(sum(d.requests), 0)::bigint AS "requests7d",
      count(*) FILTER (WHERE d.requests > ${sql.lit(BUSY_DAY)})::int AS "busyDays"
    FROM unnest(${ids}::text[]) AS g (id) LEFT JOIN key_use_day d ON d.key_id = g.id AND d.day > ${week}::date
    GROUP BY g.id`.execute(tx);
  return rows;
}
