import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import { dayOf, MOST, type Period } from "./period.ts";

/** How rows are added up: not beyond each key, plan and environment, or by account, or by plan. */
export type MeteredBy = "key" | "account" | "plan";

export interface MeteredFilter {
  readonly period: Period;
  readonly by: MeteredBy;
  /** Our ids. */
  readonly account: string | null;
  readonly key: string | null;
  readonly plan: string | null;
  readonly environment: string | null;
}

/** Sums of a month. What a sum is not of one of is null; a plan is '' for none. */
export interface MeteredSums {
  readonly account: string | null;
  readonly key: string | null;
  readonly plan: string | null;
  readonly environment: string | null;
  readonly accepted: number;
  readonly refused: number;
  readonly cost: number;
  readonly carriedAccepted: number;
  readonly carriedRefused: number;
  readonly carriedCost: number;
  readonly carriedFrom: readonly Period[];
}

/** What rows of each kind are sorted by, and so where a page ends. */
export function placeOf({ account, key, plan }: MeteredSums, by: MeteredBy): string[] {
  const places = { key: [account, key, plan], account: [account], plan: [plan] } as const;
  return places[by].map((value) => value ?? "");
}

const COLUMNS: Readonly<Record<MeteredBy, readonly string[]>> = {
  key: ["account_id", "key_id", "plan"],
  account: ["account_id"],
  plan: ["plan"],
};

/** Rows after a place, in its order; `limit` at most. */
export async function selectMetered(
  tx: Tx,
  filter: MeteredFilter,
  after: readonly string[] | null,
  limit: number,
): Promise<readonly MeteredSums[]> {
  const { period, by } = filter;
  const columns = COLUMNS[by].map((name) => sql.ref(name));
  const list = sql.join(columns);
  const shown = (name: string): RawBuilder<unknown> => (COLUMNS[by].includes(name) ? sql.ref(name) : sql`NULL::text`);
  const sum = (name: string, carried: boolean): RawBuilder<unknown> =>
    sql`least(coalesce(sum(${sql.ref(name)}) FILTER (WHERE happened ${carried ? sql`<` : sql`=`} period), 0), ${MOST})::bigint`;
  const beyond = after === null ? sql`` : sql`AND (${list}) > (${sql.join(after.map((value) => sql`${value}::text`))})`;
  const { rows } = await sql<MeteredSums>`
    SELECT ${shown("account_id")} AS account, ${shown("key_id")} AS key, ${shown("plan")} AS plan,
      ${by === "key" ? sql`min(environment)` : sql`NULL::text`} AS environment,
      ${sum("accepted", false)} AS accepted, ${sum("refused", false)} AS refused, ${sum("cost", false)} AS cost,
      ${sum("accepted", true)} AS "carriedAccepted", ${sum("refused", true)} AS "carriedRefused", ${sum("cost", true)} AS "carriedCost",
      coalesce(array_agg(DISTINCT to_char(happened, 'YYYY-MM')) FILTER (WHERE happened < period), '{}') AS "carriedFrom"
    FROM metering WHERE period = ${dayOf(period)}::date ${equals("account_id", filter.account)} ${equals("key_id", filter.key)}
      ${equals("plan", filter.plan)} ${equals("environment", filter.environment)} ${beyond}
    GROUP BY ${list} ORDER BY ${list} LIMIT ${limit}`.execute(tx);
  return rows;
}

function equals(name: string, value: string | null): RawBuilder<unknown> {
  return value === null ? sql`` : sql`AND ${sql.ref(name)} = ${value}`;
}
