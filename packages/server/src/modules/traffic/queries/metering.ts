import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Difference } from "./reconciliation.ts";

/** A month that is metered, and what can be said of it. */
export interface MeteredMonth {
  /** Whether counts by day are still kept. */
  readonly hasCounts: boolean;
  /** Whether it is closed and the sums are told that it closed with. */
  readonly hasSums: boolean;
}

/** Null for a month before metering began. `month`: its first moment. */
export async function findMonth(tx: Tx, month: Date): Promise<MeteredMonth | null> {
  const part = `claviger.usage_day_${month.toISOString().slice(0, 7).replace("-", "")}`;
  const { rows } = await sql<MeteredMonth>`
    SELECT to_regclass(${part}) IS NOT NULL AS "hasCounts", coalesce(bool_or(period = ${day(month)}::date AND rows IS NOT NULL), false) AS "hasSums"
    FROM metering_period HAVING min(period) < ${day(month)}::date`.execute(tx);
  return rows[0] ?? null;
}

/** Keys for which another number was metered than counted by day in that month; `limit` at most. */
export async function selectMeteringDifferences(
  tx: Tx,
  month: Date,
  to: Date,
  limit: number,
): Promise<readonly Difference[]> {
  const { rows } = await sql<Difference>`
    WITH metered AS (
      SELECT key_id, sum(accepted) AS accepted, sum(refused) AS refused, sum(cost) AS cost
      FROM metering WHERE counted = ${day(month)}::date GROUP BY key_id),
    days AS (
      SELECT key_id, coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0) AS accepted,
        coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0) AS refused, coalesce(sum(cost) FILTER (WHERE code = 'VALID'), 0) AS cost
      FROM usage_day WHERE starts_at >= ${month} AND starts_at < ${to} GROUP BY key_id),
    both_of AS (
      SELECT key_id, c.code, c.requests, c.day_requests, c.cost, c.day_cost
      FROM metered m FULL JOIN days d USING (key_id)
      CROSS JOIN LATERAL (VALUES ('VALID', coalesce(m.accepted, 0), coalesce(d.accepted, 0), coalesce(m.cost, 0), coalesce(d.cost, 0)),
        ('REFUSED', coalesce(m.refused, 0), coalesce(d.refused, 0), 0, 0)) c (code, requests, day_requests, cost, day_cost))
    SELECT 'metering'::text AS "between", ${month}::timestamptz AS at, key_id AS "of", code, requests::bigint AS requests,
      day_requests::bigint AS "hourRequests", cost::bigint AS cost, day_cost::bigint AS "hourCost"
    FROM both_of WHERE (requests, cost) <> (day_requests, day_cost) ORDER BY key_id, code DESC LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Where a closed month holds something else than the sums that it closed with. */
export async function selectPeriodDifferences(tx: Tx, month: Date): Promise<readonly Difference[]> {
  const { rows } = await sql<Difference>`
    SELECT 'periods'::text AS "between", ${month}::timestamptz AS at, to_char(p.period, 'YYYY-MM') AS "of", c.code,
      c.requests::bigint AS requests, c.told::bigint AS "hourRequests", c.cost::bigint AS cost, c.told_cost::bigint AS "hourCost"
    FROM metering_period p
    CROSS JOIN LATERAL (SELECT coalesce(sum(m.accepted), 0) AS accepted, coalesce(sum(m.refused), 0) AS refused, coalesce(sum(m.cost), 0) AS cost
      FROM metering m WHERE m.period = p.period) s
    CROSS JOIN LATERAL (VALUES ('VALID', s.accepted, p.accepted, s.cost, p.cost), ('REFUSED', s.refused, p.refused, 0, 0))
      c (code, requests, told, cost, told_cost)
    WHERE p.period = ${day(month)}::date AND p.rows IS NOT NULL AND (c.requests, c.cost) IS DISTINCT FROM (c.told, c.told_cost)
    ORDER BY c.code DESC`.execute(tx);
  return rows;
}

function day(month: Date): string {
  return month.toISOString().slice(0, 10);
}
