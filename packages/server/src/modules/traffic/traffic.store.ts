import type { KeyUse } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";

/** What a number holds exactly; no count is ever above it, whatever a verifier says that it counted. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Adds what was counted; one statement for each table, whatever the number of keys. */
export async function addUses(tx: Tx, uses: readonly KeyUse[], day: Date): Promise<void> {
  if (uses.length === 0) return;
  const column = <T>(read: (use: KeyUse) => T): T[] => uses.map(read);
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  await sql`INSERT INTO key_use AS u (key_id, version, account_id, first_used_at, last_used_at, last_refused_at, last_refused_code, accepted, refused)
    SELECT * FROM unnest(${column((use) => use.key)}::text[], ${column((use) => use.version)}::int[], ${column((use) => use.account)}::text[],
      ${column((use) => time(use.firstUsedAt))}::timestamptz[], ${column((use) => time(use.lastUsedAt))}::timestamptz[],
      ${column((use) => time(use.lastRefusedAt))}::timestamptz[], ${column((use) => use.lastRefusedCode)}::text[],
      ${column((use) => use.accepted)}::bigint[], ${column((use) => use.refused)}::bigint[])
    ON CONFLICT (key_id, version) DO UPDATE SET
      first_used_at = least(u.first_used_at, excluded.first_used_at),
      last_used_at = greatest(u.last_used_at, excluded.last_used_at),
      last_refused_code = CASE WHEN excluded.last_refused_at >= coalesce(u.last_refused_at, '-infinity') THEN excluded.last_refused_code ELSE u.last_refused_code END,
      last_refused_at = greatest(u.last_refused_at, excluded.last_refused_at),
      accepted = least(u.accepted + excluded.accepted, ${MOST}), refused = least(u.refused + excluded.refused, ${MOST})`.execute(
    tx,
  );
  await sql`INSERT INTO key_use_day AS d (key_id, day, account_id, requests)
    SELECT key_id, ${day.toISOString().slice(0, 10)}::date, min(account_id), sum(requests) FROM unnest(${column((use) => use.key)}::text[],
      ${column((use) => use.account)}::text[], ${column((use) => use.accepted + use.refused)}::bigint[]) AS t (key_id, account_id, requests)
    GROUP BY key_id ORDER BY key_id
    ON CONFLICT (key_id, day) DO UPDATE SET requests = least(d.requests + excluded.requests, ${MOST})`.execute(tx);
}
