/** What is known of many keys at once, for who is about to act on them. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { KeyStatus } from "../../keys/index.ts";
import { statusExpression } from "./status.ts";

export interface CountedKeys {
  readonly status: KeyStatus;
  readonly keys: number;
  readonly used24h: number;
}

/** Customers' keys of these ids by status, with how many of them were accepted since. */
export async function countByStatus(
  tx: Tx,
  ids: readonly string[],
  since: Date,
  now: Date,
): Promise<readonly CountedKeys[]> {
  const { rows } = await sql<CountedKeys>`
    SELECT status, count(*)::bigint AS keys, count(*) FILTER (WHERE used)::bigint AS used24h FROM (
      SELECT ${statusExpression(now)} AS status,
        EXISTS (SELECT FROM key_use u WHERE u.key_id = k.id AND u.last_used_at >= ${since}) AS used
      FROM unnest(${[...ids]}::text[]) AS g (id) JOIN api_key k ON k.id = g.id WHERE k.kind = 'customer') s
    GROUP BY status ORDER BY status`.execute(tx);
  return rows;
}

export async function countAccounts(tx: Tx, ids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ accounts: number }>`
    SELECT count(DISTINCT k.account_id)::bigint AS accounts
    FROM unnest(${[...ids]}::text[]) AS g (id) JOIN api_key k ON k.id = g.id WHERE k.kind = 'customer'`.execute(tx);
  return rows[0]?.accounts ?? 0;
}

/** The latest used first; then those that were never used, by id. */
export async function selectLatestUsed(
  tx: Tx,
  ids: readonly string[],
  most: number,
): Promise<readonly { readonly key: string; readonly lastUsedAt: Date | null }[]> {
  const { rows } = await sql<{ key: string; lastUsedAt: Date | null }>`
    SELECT k.id AS key, (SELECT max(u.last_used_at) FROM key_use u WHERE u.key_id = k.id) AS "lastUsedAt"
    FROM unnest(${[...ids]}::text[]) AS g (id) JOIN api_key k ON k.id = g.id WHERE k.kind = 'customer'
    ORDER BY 2 DESC NULLS LAST, 1 LIMIT ${most}`.execute(tx);
  return rows;
}
