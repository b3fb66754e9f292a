import type { KeyUse } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";

/** What a number holds exactly; no count is ever above it, whatever a verifier says that it counted. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Adds what was counted; one statement for each table, whatever the number of keys. */
export async function addUses(tx: Tx, uses: readonly KeyUse[], day: Date): Promise<void> {
  if (uses.length === 0) return;
  const keys = textList(uses.map(({ key }) => key));
  const accounts = textList(uses.map(({ account }) => account));
  const codes = textList(uses.map(({ lastRefusedCode }) => lastRefusedCode));
  const column = (read: (use: KeyUse) => number | null): string => numberArray(uses.map(read));
  await sql`INSERT INTO key_use AS u (key_id, version, account_id, first_used_at, last_used_at, last_refused_at, last_refused_code, accepted, refused)
    SELECT key_id, version, account_id, to_timestamp(first_used / 1000), to_timestamp(last_used / 1000), to_timestamp(last_refused / 1000), code, accepted, refused
    FROM unnest(string_to_array(${keys}, ','), ${column((use) => use.version)}::int[], string_to_array(${accounts}, ','),
      ${column((use) => use.firstUsedAt)}::float8[], ${column((use) => use.lastUsedAt)}::float8[], ${column((use) => use.lastRefusedAt)}::float8[],
      string_to_array(${codes}, ',', ''), ${column((use) => use.accepted)}::bigint[], ${column((use) => use.refused)}::bigint[])
      AS t (key_id, version, account_id, first_used, last_used, last_refused, code, accepted, refused)
    ON CONFLICT (key_id, version) DO UPDATE SET
      first_used_at = least(u.first_used_at, excluded.first_used_at),
      last_used_at = greatest(u.last_used_at, excluded.last_used_at),
      last_refused_code = CASE WHEN excluded.last_refused_at >= coalesce(u.last_refused_at, '-infinity') THEN excluded.last_refused_code ELSE u.last_refused_code END,
      last_refused_at = greatest(u.last_refused_at, excluded.last_refused_at),
      accepted = least(u.accepted + excluded.accepted, ${MOST}), refused = least(u.refused + excluded.refused, ${MOST})`.execute(
    tx,
  );
  await sql`INSERT INTO key_use_day AS d (key_id, day, account_id, requests)
    SELECT key_id, ${day.toISOString().slice(0, 10)}::date, min(account_id), sum(requests) FROM unnest(string_to_array(${keys}, ','), string_to_array(${accounts}, ','),
      ${column((use) => use.accepted + use.refused)}::bigint[]) AS t (key_id, account_id, requests)
    GROUP BY key_id ORDER BY key_id
    ON CONFLICT (key_id, day) DO UPDATE SET requests = least(d.requests + excluded.requests, ${MOST})`.execute(tx);
}

/**
 * Texts as `string_to_array` reads them, null as nothing: the driver escapes each element of an array, which costs several times as
 * much. They are ids and codes, none of which is empty or holds a comma; one that did would make lists of unequal length, and the
 * statement fail.
 */
function textList(texts: readonly (string | null)[]): string {
  return texts.join(",");
}

/** Numbers as PostgreSQL reads an array. */
function numberArray(numbers: readonly (number | null)[]): string {
  return `{${numbers.map((number) => number ?? "NULL").join(",")}}`;
}
