import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Two records of the same that do not agree. */
export interface Difference {
  /**
   * What was compared: `events`, `days` or `totals` with counts by hour; `metering` with counts by day; `periods`, what a closed month
   * holds, with the sums that it closed with.
   */
  readonly between: "events" | "days" | "totals" | "metering" | "periods";
  readonly at: Date;
  /** The key; the environment where totals are compared, the month where periods are. */
  readonly of: string;
  /** Metering knows `VALID` and `REFUSED`. */
  readonly code: string;
  readonly requests: number;
  /** In what it was compared with: counts by hour, or as `between` says. */
  readonly hourRequests: number;
  readonly cost: number;
  readonly hourCost: number;
}

type OfDays = Exclude<Difference["between"], "metering" | "periods">;

/** Whether raw events of the UTC day are kept. */
export async function hasEventsOf(tx: Tx, day: Date): Promise<boolean> {
  const part = `claviger.usage_event_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
  const { rows } = await sql<{ kept: boolean }>`SELECT to_regclass(${part}) IS NOT NULL AS kept`.execute(tx);
  return rows[0]?.kept === true;
}

/** Verifications counted by hour on that day. */
export async function countHours(tx: Tx, from: Date, to: Date): Promise<number> {
  const { rows } = await sql<{ requests: number }>`SELECT coalesce(sum(requests), 0)::bigint AS requests
    FROM usage_hour WHERE starts_at >= ${from} AND starts_at < ${to}`.execute(tx);
  return rows[0]?.requests ?? 0;
}

/** Sums of one key, code and hour that are not in the tables of counts yet. */
export interface PendingSum {
  readonly key: string;
  /** The first moment of the hour. */
  readonly at: Date;
  readonly code: string;
  readonly requests: number;
  readonly cost: number;
}

/**
 * Where the sums of a day by key, code and time are not the same in both records; `limit` at most. `pending`: of that day, what raw events
 * have and counts will have.
 */
export async function selectDifferences(
  tx: Tx,
  between: OfDays,
  { from, to, limit, pending }: { from: Date; to: Date; limit: number; pending: readonly PendingSum[] },
): Promise<readonly Difference[]> {
  const step = between === "days" ? "day" : "hour";
  const of = between === "totals" ? sql`environment` : sql`key_id`;
  const other = OTHERS[between];
  const list = (read: (sum: PendingSum) => string | number) => (between === "events" ? pending.map(read) : []);
  const { rows } = await sql<Difference>`
    WITH hours AS (
      SELECT of_whom, date_trunc(${step}::text, starts_at, 'UTC') AS at, code, sum(requests) AS requests, sum(cost) AS cost
      FROM (SELECT ${of} AS of_whom, starts_at, code, requests, cost FROM usage_hour WHERE starts_at >= ${from} AND starts_at < ${to}
        UNION ALL SELECT * FROM unnest(${list(({ key }) => key)}::text[], ${list(({ at }) => at.toISOString())}::timestamptz[],
          ${list(({ code }) => code)}::text[], ${list(({ requests }) => requests)}::bigint[], ${list(({ cost }) => cost)}::bigint[])) u
      GROUP BY 1, 2, 3),
    others AS (
      SELECT ${of} AS of_whom, date_trunc(${step}::text, ${other.time}, 'UTC') AS at, code, sum(${other.requests}) AS requests, sum(cost) AS cost
      FROM ${other.table} WHERE ${other.time} >= ${from} AND ${other.time} < ${to} GROUP BY 1, 2, 3)
    SELECT ${between}::text AS "between", at, of_whom AS "of", code,
      coalesce(o.requests, 0)::bigint AS requests, coalesce(h.requests, 0)::bigint AS "hourRequests",
      coalesce(o.cost, 0)::bigint AS cost, coalesce(h.cost, 0)::bigint AS "hourCost"
    FROM hours h FULL JOIN others o USING (of_whom, at, code)
    WHERE (h.requests, h.cost) IS DISTINCT FROM (o.requests, o.cost) ORDER BY at, of_whom, code LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

interface Other {
  readonly table: RawBuilder<unknown>;
  readonly time: RawBuilder<unknown>;
  readonly requests: RawBuilder<unknown>;
}

const OTHERS: Readonly<Record<OfDays, Other>> = {
  events: { table: sql`usage_event`, time: sql`at`, requests: sql`stands_for` },
  days: { table: sql`usage_day`, time: sql`starts_at`, requests: sql`requests` },
  totals: { table: sql`usage_total`, time: sql`starts_at`, requests: sql`requests` },
};
