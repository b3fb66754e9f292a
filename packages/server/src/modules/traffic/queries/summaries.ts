import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { OTHERS } from "../bounds.ts";

export type Step = "hour" | "day" | "month";
export type Grouping = "code" | "route" | "method" | "environment" | "account" | "key";

export interface SummaryQuery {
  /** Both at the beginning of a step. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly step: Step;
  readonly by: Grouping | null;
  /** Groups at most; the others are added up. */
  readonly top: number;
  readonly account: string | null;
  readonly key: string | null;
  readonly environment: string | null;
  readonly route: string | null;
  readonly code: string | null;
}

export interface SummaryRow {
  readonly at: Date;
  readonly group: string | null;
  readonly requests: number;
  readonly accepted: number;
  readonly cost: number;
}

const COLUMN: Readonly<Record<Grouping, string>> = {
  ...{
    code: "code",
    route: "route",
    method: "method",
    environment: "environment",
    account: "account_id",
    key: "key_id",
  },
};

/** Exact counts, oldest first, as far as the reach of the transaction goes. */
export async function selectSummary(tx: Tx, query: SummaryQuery): Promise<readonly SummaryRow[]> {
  const { step, by, top } = query;
  const group = by === null ? sql`NULL::text` : sql`u.${sql.ref(COLUMN[by])}`;
  const { rows } = await sql<SummaryRow>`
    WITH counted AS MATERIALIZED (
      SELECT date_trunc(${step}::text, u.starts_at, 'UTC') AS at, ${group} AS name, u.code = 'VALID' AS valid,
        sum(u.requests) AS requests, sum(u.cost) AS cost
      FROM ${sql.table(tableOf(query))} u WHERE ${matching(query)} GROUP BY 1, 2, 3),
    ranked AS (
      SELECT name, row_number() OVER (ORDER BY sum(requests) DESC, name) AS place FROM counted GROUP BY name)
    SELECT c.at, nullif(CASE WHEN r.place <= ${sql.lit(top)} THEN c.name ELSE ${OTHERS} END, '') AS "group",
      sum(c.requests)::bigint AS requests, coalesce(sum(c.requests) FILTER (WHERE c.valid), 0)::bigint AS accepted,
      sum(c.cost)::bigint AS cost
    FROM counted c JOIN ranked r ON r.name IS NOT DISTINCT FROM c.name
    GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`.execute(tx);
  return rows;
}

/** Sums of all keys answer what asks for none in particular: they are few. */
function tableOf({ step, by, account, key, route }: SummaryQuery): string {
  const ofAll =
    account === null && key === null && route === null && (by === null || by === "code" || by === "environment");
  if (ofAll) return "usage_total";
  return step === "hour" ? "usage_hour" : "usage_day";
}

function matching({ from, to, account, key, environment, route, code }: SummaryQuery): RawBuilder<unknown> {
  const parts = [sql`u.starts_at >= ${from}`, sql`u.starts_at < ${to}`];
  const equal = { account_id: account, key_id: key, environment, route, code };
  for (const [name, value] of Object.entries(equal)) {
    if (value !== null) parts.push(sql`u.${sql.ref(name)} = ${value}`);
  }
  return sql.join(parts, sql` AND `);
}
