/** Who used a key within a window, and at what: from exact counts, which are bounded for each key and hour or day. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface CallerRow {
  readonly kind: "network" | "country" | "agent" | "service" | "browser";
  readonly value: string;
  readonly accepted: number;
  readonly refused: number;
}

export type Grain = "hour" | "day";

/** Of each kind the most accepted first, `most` at most. */
export async function selectCallersOf(
  tx: Tx,
  key: string,
  grain: Grain,
  from: Date,
  most: number,
): Promise<readonly CallerRow[]> {
  const table = sql.table(grain === "hour" ? "usage_facet_hour" : "usage_facet_day");
  const { rows } = await sql<CallerRow>`
    SELECT kind, value, accepted, refused FROM (
      SELECT kind, value, sum(accepted)::bigint AS accepted, sum(refused)::bigint AS refused,
        row_number() OVER (PARTITION BY kind ORDER BY sum(accepted) DESC, sum(refused) DESC, value) AS place
      FROM ${table} WHERE key_id = ${key} AND starts_at >= ${from} AND kind IN ('network', 'country', 'agent', 'service', 'browser')
      GROUP BY kind, value) c
    WHERE place <= ${most} ORDER BY kind, place`.execute(tx);
  return rows;
}

export interface CalledRow {
  readonly method: string | null;
  readonly route: string | null;
  readonly mapped: boolean;
  readonly accepted: number;
  readonly refused: number;
  /** Of all rows together, also those that are left out. */
  readonly acceptedInAll: number;
  readonly refusedInAll: number;
}

/** What the key called, the most accepted first, `most` at most. */
export async function selectCalledBy(
  tx: Tx,
  key: string,
  grain: Grain,
  from: Date,
  most: number,
): Promise<readonly CalledRow[]> {
  const table = sql.table(grain === "hour" ? "usage_hour" : "usage_day");
  const { rows } = await sql<CalledRow>`
    SELECT c.*, sum(accepted) OVER ()::bigint AS "acceptedInAll", sum(refused) OVER ()::bigint AS "refusedInAll" FROM (
      SELECT nullif(method, '') AS method, nullif(route, '') AS route, mapped,
        coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
        coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused
      FROM ${table} WHERE key_id = ${key} AND starts_at >= ${from} GROUP BY 1, 2, 3) c
    ORDER BY accepted DESC, refused DESC, route, method LIMIT ${most}`.execute(tx);
  return rows;
}
