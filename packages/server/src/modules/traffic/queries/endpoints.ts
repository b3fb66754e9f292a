import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface EndpointRow {
  readonly environment: string;
  readonly template: string;
  /** Empty where it was not told. */
  readonly method: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly accepted: number;
  readonly refused: number;
}

/** Where a page of endpoints ended: environment, template, method. */
export type EndpointPlace = readonly [environment: string, template: string, method: string];

export interface EndpointFilter {
  readonly environment: string | null;
  readonly since: Date | null;
  readonly after: EndpointPlace | null;
  readonly limit: number;
}

/** What was called, in the order of its place, whether a scope named it then or not. */
export async function selectEndpoints(
  tx: Tx,
  { environment, since, after, limit }: EndpointFilter,
): Promise<readonly EndpointRow[]> {
  const parts = [sql`true`];
  if (environment !== null) parts.push(sql`environment = ${environment}`);
  if (after !== null) parts.push(sql`(environment, template, method) > (${sql.join(after)})`);
  const called = since === null ? sql`` : sql`HAVING max(last_seen) >= ${since}`;
  const { rows } = await sql<EndpointRow>`
    SELECT environment, template, method, min(first_seen) AS "firstSeen", max(last_seen) AS "lastSeen",
      sum(accepted)::bigint AS accepted, sum(refused)::bigint AS refused
    FROM endpoint WHERE ${sql.join(parts, sql` AND `)}
    GROUP BY environment, template, method ${called} ORDER BY environment, template, method LIMIT ${limit}`.execute(tx);
  return rows;
}

interface Called {
  readonly account: string;
  readonly accepted: number;
  readonly refused: number;
  readonly lastDay: Date;
}

export interface Callers {
  readonly keys: number;
  readonly accounts: number;
  readonly callers: readonly (Called & { readonly key: string })[];
  readonly callingAccounts: readonly (Called & { readonly keys: number })[];
}

export interface CallerFilter {
  readonly environment: string;
  readonly template: string;
  readonly method: string | null;
  readonly since: Date;
  readonly limit: number;
}

/** Who called an endpoint since that day: how many keys of how many accounts, and the most calling of both. */
export async function selectCallers(
  tx: Tx,
  { environment, template, method, since, limit }: CallerFilter,
): Promise<Callers> {
  const parts = [sql`route = ${template}`, sql`environment = ${environment}`, sql`starts_at >= ${since}`];
  if (method !== null) parts.push(sql`method = ${method}`);
  const { rows } = await sql<Called & { readonly key: string | null; readonly keys: number; readonly total: number }>`
    WITH called AS MATERIALIZED (
      SELECT key_id AS key, min(account_id) AS account,
        coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
        coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused, max(starts_at) AS "lastDay"
      FROM usage_day WHERE ${sql.join(parts, sql` AND `)} GROUP BY key_id),
    calling AS MATERIALIZED (
      SELECT account, count(*) AS keys, sum(accepted)::bigint AS accepted, sum(refused)::bigint AS refused, max("lastDay") AS "lastDay"
      FROM called GROUP BY account)
    (SELECT key, account, accepted, refused, "lastDay", 1::bigint AS keys, (SELECT count(*) FROM called) AS total
     FROM called ORDER BY accepted + refused DESC, key LIMIT ${limit})
    UNION ALL
    (SELECT NULL, account, accepted, refused, "lastDay", keys, (SELECT count(*) FROM calling)
     FROM calling ORDER BY accepted + refused DESC, account LIMIT ${limit})`.execute(tx);
  // Sorted anew, because a union keeps no order.
  const sorted = rows.toSorted((a, b) => b.accepted + b.refused - a.accepted - a.refused);
  const told: Callers = {
    keys: rows.find(({ key }) => key !== null)?.total ?? 0,
    accounts: rows.find(({ key }) => key === null)?.total ?? 0,
    callers: sorted.flatMap(({ key, keys: _, total: __, ...row }) => (key === null ? [] : [{ key, ...row }])),
    callingAccounts: sorted.flatMap(({ key, total: _, ...row }) => (key === null ? [row] : [])),
  };
  return told;
}
