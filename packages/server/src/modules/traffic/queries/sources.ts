import { sql } from "kysely";
import { type Database, PLATFORM } from "../../../db/index.ts";
import { BOUNDS, MOST_COUNTED, OTHERS } from "../bounds.ts";

/**
 * Folds the least recently seen sources of these keys, beyond the bound, into `OTHERS`. In a transaction of its own that waits only for
 * the rows of `OTHERS`, taken first and in one order; a source that another transaction is writing is no candidate.
 */
export async function foldOldSources(database: Database, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await database.transaction(PLATFORM, async (tx) => {
    const { rows: full } = await sql<{ key: string; kind: string; account: string; seen: Date }>`
      SELECT s.key_id AS key, s.kind, min(s.account_id) AS account, min(s.last_seen) AS seen FROM unnest(${keys}::text[]) AS k (id)
      JOIN key_source s ON s.key_id = k.id WHERE s.value <> ${OTHERS}
      GROUP BY s.key_id, s.kind HAVING count(*) > ${sql.lit(BOUNDS.sources)} ORDER BY s.key_id, s.kind`.execute(tx);
    if (full.length === 0) return;
    const list = sql`unnest(${full.map(({ key }) => key)}::text[], ${full.map(({ kind }) => kind)}::text[],
      ${full.map(({ account }) => account)}::text[], ${full.map(({ seen }) => seen.toISOString())}::timestamptz[]) AS f (key_id, kind, account, seen)`;
    await sql`INSERT INTO key_source AS s (key_id, kind, value, account_id, first_seen, last_seen, accepted, refused)
      SELECT key_id, kind, ${OTHERS}, account, seen, seen, 0, 0 FROM ${list}
      ON CONFLICT (key_id, kind, value) DO UPDATE SET accepted = s.accepted`.execute(tx);
    await sql`WITH gone AS (
        DELETE FROM key_source d USING (
          SELECT o.key_id, o.kind, o.value FROM ${list}
          CROSS JOIN LATERAL (
            SELECT s.key_id, s.kind, s.value FROM key_source s
            WHERE s.key_id = f.key_id AND s.kind = f.kind AND s.value <> ${OTHERS}
            ORDER BY s.last_seen DESC, s.value OFFSET ${sql.lit(BOUNDS.sources)} FOR UPDATE SKIP LOCKED) o) o
        WHERE d.key_id = o.key_id AND d.kind = o.kind AND d.value = o.value
        RETURNING d.*)
      UPDATE key_source s SET
        first_seen = least(s.first_seen, g.first_seen), last_seen = greatest(s.last_seen, g.last_seen),
        accepted = least(s.accepted + g.accepted, ${MOST_COUNTED}), refused = least(s.refused + g.refused, ${MOST_COUNTED})
      FROM (SELECT key_id, kind, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
          sum(accepted)::bigint AS accepted, sum(refused)::bigint AS refused FROM gone GROUP BY key_id, kind) g
      WHERE s.key_id = g.key_id AND s.kind = g.kind AND s.value = ${OTHERS}`.execute(tx);
  });
}
