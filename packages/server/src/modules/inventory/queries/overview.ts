/** What the overview of the platform is told from: sums that are kept, and reads that stop at a bound. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface TallyRow {
  readonly environment: string;
  readonly state: "active" | "suspended" | "revoked";
  /** UTC date; 'infinity' for never. */
  readonly expiresOn: string;
  readonly keys: number;
}

/** Keys by environment, state and day of expiry, from what triggers keep. */
export async function selectTally(tx: Tx): Promise<readonly TallyRow[]> {
  const { rows } = await sql<TallyRow>`
    SELECT environment, state, expires_on::text AS "expiresOn", sum(keys)::bigint AS keys FROM key_tally
    GROUP BY 1, 2, 3 HAVING sum(keys) <> 0`.execute(tx);
  return rows;
}

/** Of the keys that expire on the UTC day of this moment and are not revoked, those that do by then. */
export async function selectExpiredBy(
  tx: Tx,
  moment: Date,
): Promise<readonly { readonly environment: string; readonly state: "active" | "suspended"; readonly keys: number }[]> {
  const { rows } = await sql<{ environment: string; state: "active" | "suspended"; keys: number }>`
    SELECT environment, state, count(*)::int AS keys FROM api_key WHERE kind = 'customer' AND state <> 'revoked'
      AND expires_or_never >= date_trunc('day', ${moment}::timestamptz, 'UTC') AND expires_or_never <= ${moment}
    GROUP BY environment, state`.execute(tx);
  return rows;
}

export interface BusiestRow {
  readonly kind: "key" | "account";
  readonly id: string;
  readonly requests: number;
}

/** Rows of counts that are added up; of more, busy days alone are. */
const READ_HOURS = 5_000;
/** The index of busy days holds those with more requests. */
const BUSY_DAY = 1_000;

/**
 * Keys and accounts with the most requests since then; null where there are too many counts to add up. In their order, so that they are found by
 * the index of hours, and not by reading the month up to them.
 */
export async function selectBusiestSince(tx: Tx, since: Date, most: number): Promise<readonly BusiestRow[] | null> {
  const { rows } = await sql<BusiestRow & { readonly read: number }>`
    WITH counted AS MATERIALIZED (
      SELECT key_id, account_id, requests FROM usage_hour WHERE starts_at >= ${since} ORDER BY starts_at LIMIT ${sql.lit(READ_HOURS + 1)})
    SELECT b.*, (SELECT count(*)::int FROM counted) AS read FROM (
      (SELECT 'key' AS kind, key_id AS id, sum(requests)::bigint AS requests FROM counted GROUP BY key_id ORDER BY 3 DESC, 2 LIMIT ${most})
      UNION ALL
      (SELECT 'account', account_id, sum(requests)::bigint FROM counted GROUP BY account_id ORDER BY 3 DESC, 2 LIMIT ${most})) b`.execute(
    tx,
  );
  return (rows[0]?.read ?? 0) > READ_HOURS ? null : rows;
}

/** The same of keys that had more than a thousand requests on a UTC day, since that day. */
export async function selectBusiestDays(tx: Tx, since: Date, most: number): Promise<readonly BusiestRow[]> {
  const { rows } = await sql<BusiestRow>`
    WITH counted AS MATERIALIZED (
      SELECT key_id, account_id, requests FROM key_use_day
      WHERE day >= (${since}::timestamptz AT TIME ZONE 'UTC')::date AND requests > ${sql.lit(BUSY_DAY)})
    (SELECT 'key' AS kind, key_id AS id, sum(requests)::bigint AS requests FROM counted GROUP BY key_id ORDER BY 3 DESC, 2 LIMIT ${most})
    UNION ALL
    (SELECT 'account', account_id, sum(requests)::bigint FROM counted GROUP BY account_id ORDER BY 3 DESC, 2 LIMIT ${most})`.execute(
    tx,
  );
  return rows;
}

export async function selectAccountNames(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("account")
    .select(["id", "name"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export interface SumRow {
  readonly code: string;
  readonly today: number;
  readonly days7: number;
  readonly days30: number;
}

/** Verifications by code, since the beginnings of these UTC days. */
export async function selectSums(tx: Tx, today: Date, days7: Date, days30: Date): Promise<readonly SumRow[]> {
  const { rows } = await sql<SumRow>`
    SELECT code, coalesce(sum(requests) FILTER (WHERE starts_at >= ${today}), 0)::bigint AS today,
      coalesce(sum(requests) FILTER (WHERE starts_at >= ${days7}), 0)::bigint AS days7, sum(requests)::bigint AS days30
    FROM usage_total WHERE starts_at >= ${days30} GROUP BY code ORDER BY 4 DESC, 1`.execute(tx);
  return rows;
}

/** What a number holds exactly: verifiers may claim anything. */
const MOST = Number.MAX_SAFE_INTEGER;

export interface StrangerSum {
  readonly kind: "code" | "network";
  readonly name: string;
  readonly requests: number;
}

/**
 * What presented no genuine key since that hour: by reason, and the networks with most of it. An hour has a bounded number of
 * networks, so that a day is read whole.
 */
export async function selectStrangerSums(tx: Tx, since: Date, most: number): Promise<readonly StrangerSum[]> {
  const { rows } = await sql<StrangerSum>`
    WITH counted AS MATERIALIZED (SELECT network, code, requests FROM stranger_hour WHERE starts_at >= ${since})
    (SELECT 'code' AS kind, code AS name, least(sum(requests), ${MOST})::bigint AS requests FROM counted GROUP BY code ORDER BY 3 DESC, 2)
    UNION ALL
    (SELECT 'network', network, least(sum(requests), ${MOST})::bigint FROM counted GROUP BY network ORDER BY 3 DESC, 2 LIMIT ${most})`.execute(
    tx,
  );
  return rows;
}

/** Processes, as their rows tell. */
export async function countNodes(
  tx: Tx,
): Promise<{ readonly nodes: number; readonly fenced: number; readonly verifiers: number }> {
  const { rows } = await sql<{ nodes: number; fenced: number; verifiers: number }>`
    SELECT count(*)::int AS nodes, count(*) FILTER (WHERE fenced)::int AS fenced, coalesce(sum(verifiers), 0)::int AS verifiers FROM node`.execute(
    tx,
  );
  return rows[0] ?? { nodes: 0, fenced: 0, verifiers: 0 };
}
