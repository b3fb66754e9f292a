import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface EndpointRow {
  readonly environment: string;
  readonly template: string;
  readonly mapped: boolean;
  readonly method: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly accepted: number;
  readonly refused: number;
}

/** Where a page of endpoints ended: environment, template, whether mapped, method. */
export type EndpointPlace = readonly [environment: string, template: string, mapped: boolean, method: string];

export interface EndpointFilter {
  readonly environment: string | null;
  readonly mapped: boolean | null;
  readonly after: EndpointPlace | null;
  readonly limit: number;
}

/** What was called, in the order of its place. */
export async function selectEndpoints(
  tx: Tx,
  { environment, mapped, after, limit }: EndpointFilter,
): Promise<readonly EndpointRow[]> {
  const parts = [sql`true`];
  if (environment !== null) parts.push(sql`environment = ${environment}`);
  if (mapped !== null) parts.push(sql`mapped = ${mapped}`);
  if (after !== null) parts.push(sql`(environment, template, mapped, method) > (${sql.join(after)})`);
  const { rows } = await sql<EndpointRow>`
    SELECT environment, template, mapped, method, first_seen AS "firstSeen", last_seen AS "lastSeen", accepted, refused
    FROM endpoint WHERE ${sql.join(parts, sql` AND `)} ORDER BY environment, template, mapped, method LIMIT ${limit}`.execute(
    tx,
  );
  return rows;
}

export interface CallerRow {
  readonly key: string;
  readonly account: string;
  readonly accepted: number;
  readonly refused: number;
  readonly lastDay: Date;
}

export interface CallerFilter {
  readonly environment: string;
  readonly template: string;
  readonly method: string | null;
  readonly since: Date;
  readonly limit: number;
}

/** Who called an endpoint since that day: how many keys of how many accounts, and the most calling of them. */
export async function selectCallers(
  tx: Tx,
  { environment, template, method, since, limit }: CallerFilter,
): Promise<{ readonly keys: number; readonly accounts: number; readonly callers: readonly CallerRow[] }> {
  const parts = [sql`route = ${template}`, sql`environment = ${environment}`, sql`starts_at >= ${since}`];
  if (method !== null) parts.push(sql`method = ${method}`);
  const { rows } = await sql<CallerRow & { readonly keys: number; readonly accounts: number }>`
    WITH called AS MATERIALIZED (
      SELECT key_id AS key, min(account_id) AS account,
        coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
        coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused, max(starts_at) AS "lastDay"
      FROM usage_day WHERE ${sql.join(parts, sql` AND `)} GROUP BY key_id)
    SELECT c.*, (SELECT count(*) FROM called) AS keys, (SELECT count(DISTINCT account) FROM called) AS accounts
    FROM called c ORDER BY accepted + refused DESC, key LIMIT ${limit}`.execute(tx);
  const callers = rows.map(({ keys: _, accounts: __, ...row }) => row);
  return { keys: rows[0]?.keys ?? 0, accounts: rows[0]?.accounts ?? 0, callers };
}
