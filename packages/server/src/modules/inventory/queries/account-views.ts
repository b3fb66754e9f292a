/** Views whose rows are accounts. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { MANY_KEYS, type Moment } from "../view-moment.ts";

export interface CrowdedAccount {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly plan: string | null;
  readonly status: "active" | "suspended";
  /** Neither revoked nor expired. */
  readonly activeKeys: number;
  /** Not revoked; by these rows are ordered, most first. */
  readonly unrevoked: number;
}

const crowded = ({ now }: Moment) => sql`c.unrevoked > ${sql.lit(MANY_KEYS)} AND c.over_ten_until > ${now}`;

/** Accounts with more than ten active keys, after a place. */
export async function selectCrowded(
  tx: Tx,
  moment: Moment,
  after: { readonly unrevoked: number; readonly id: string } | null,
  count: number,
): Promise<CrowdedAccount[]> {
  const beyond =
    after === null
      ? sql`true`
      : sql`c.unrevoked <= ${after.unrevoked} AND (c.unrevoked < ${after.unrevoked} OR c.account_id > ${after.id})`;
  const { rows } = await sql<CrowdedAccount>`
    SELECT a.id, a.external_id AS "externalId", a.name, a.plan, a.status, c.unrevoked,
      (SELECT count(*)::int FROM api_key k WHERE k.account_id = a.id AND k.kind = 'customer' AND k.state <> 'revoked'
        AND k.expires_or_never > ${moment.now}) AS "activeKeys"
    FROM (SELECT c.account_id, c.unrevoked FROM account_activity c WHERE ${crowded(moment)} AND ${beyond}
      ORDER BY c.unrevoked DESC, c.account_id LIMIT ${count}) c
    JOIN account a ON a.id = c.account_id ORDER BY c.unrevoked DESC, a.id`.execute(tx);
  return rows;
}

/** Counted up to `most`; null: all of them. */
export async function countCrowded(tx: Tx, moment: Moment, most: number | null = null): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM
    (SELECT FROM account_activity c WHERE ${crowded(moment)} LIMIT ${most}) counted`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}
