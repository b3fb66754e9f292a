/** Until when uses are counted, and which are missing. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** What a number holds exactly: verifiers may claim anything. */
const MOST = Number.MAX_SAFE_INTEGER;

export interface LossRow {
  readonly path: "verifier" | "node" | "unwritable" | "verifier-gone" | "node-gone";
  readonly requests: number;
  readonly times: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** What was noted as missing since then, by where it was lost: some rows for each hour. */
export async function selectLosses(tx: Tx, since: Date): Promise<readonly LossRow[]> {
  const { rows } = await sql<LossRow>`
    SELECT path, least(sum(requests), ${MOST})::bigint AS requests, least(sum(times), ${MOST})::bigint AS times, min(first_at) AS "firstAt", max(last_at) AS "lastAt"
    FROM usage_loss WHERE starts_at >= ${since} GROUP BY path`.execute(tx);
  return rows;
}

export interface SendersRow {
  /** What the nodes that run have all written; null where none has told yet. */
  readonly until: Date | null;
  readonly nodes: number;
}

/** Seconds without news, while others told, after which a node is missed, and a verifier that was cut off. */
const MISSED_S = 60;

/**
 * The nodes that run, and those processes that went away and are not counted by the hour yet. There are as many rows as nodes, verifiers
 * that are connected, and such as went away within about an hour.
 */
export async function selectSenders(tx: Tx): Promise<SendersRow & { readonly gone: readonly LossRow[] }> {
  type Row = { [name in keyof LossRow]: LossRow[name] | null } & SendersRow;
  const { rows } = await sql<Row>`
    WITH senders AS MATERIALIZED (
      SELECT s.id = s.node AS node, s.complete_until, coalesce(s.gone_at, s.told_at) AS last_at,
        coalesce(s.gone_at, n.told_at, s.told_at)
          < (SELECT max(t.told_at) FROM usage_sender t WHERE t.id = t.node) - ${sql.lit(MISSED_S)} * interval '1 second' AS gone
      FROM usage_sender s LEFT JOIN usage_sender n ON n.id = s.node)
    SELECT l.until, l.nodes, g.* FROM (
      SELECT min(complete_until) AS until, count(*)::int AS nodes FROM senders WHERE node AND NOT gone) l
    LEFT JOIN (
      SELECT CASE WHEN node THEN 'node-gone' ELSE 'verifier-gone' END AS path, 0::bigint AS requests, count(*) AS times,
        min(complete_until) AS "firstAt", max(last_at) AS "lastAt" FROM senders WHERE gone GROUP BY node) g ON true`.execute(
    tx,
  );
  const gone = rows.flatMap(({ path, requests, times, firstAt, lastAt }) =>
    path === null || requests === null || times === null || firstAt === null || lastAt === null
      ? []
      : [{ path, requests, times, firstAt, lastAt }],
  );
  return { until: rows[0]?.until ?? null, nodes: rows[0]?.nodes ?? 0, gone };
}
