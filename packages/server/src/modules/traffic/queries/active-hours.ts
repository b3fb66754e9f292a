import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

function ofAccount(account: string, codes: readonly string[] | null): RawBuilder<unknown> {
  const among = codes === null ? sql`true` : sql`code = ANY (${[...codes]}::text[])`;
  return sql`account_id BETWEEN ${account} AND ${account} AND ${among}`;
}

/**
 * The latest hour from `from` and before `before` in which a key of the account was verified with one of these results. Between and not
 * equal: with an account given, the planner would rather walk the hours of all accounts.
 */
export async function selectActiveHour(
  tx: Tx,
  account: string,
  codes: readonly string[] | null,
  from: Date,
  before: Date,
): Promise<Date | null> {
  const { rows } = await sql<{ hour: Date }>`
    SELECT starts_at AS hour FROM usage_hour WHERE ${ofAccount(account, codes)} AND starts_at >= ${from} AND starts_at < ${before}
    ORDER BY account_id DESC, starts_at DESC LIMIT 1`.execute(tx);
  return rows[0]?.hour ?? null;
}

/** Keys of the account that were verified in that hour with one of these results, `most` at most. */
export async function selectActiveKeys(
  tx: Tx,
  account: string,
  codes: readonly string[] | null,
  hour: Date,
  most: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT DISTINCT key_id AS key FROM usage_hour WHERE ${ofAccount(account, codes)} AND starts_at = ${hour} LIMIT ${most}`.execute(
    tx,
  );
  return rows.map(({ key }) => key);
}
