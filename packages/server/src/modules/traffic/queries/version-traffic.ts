/** What each version of one key was used for lately, and from where. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface VersionUseRow {
  readonly version: number;
  readonly firstUsedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** Of every version that was ever presented. */
export async function selectVersionUses(tx: Tx, key: string): Promise<readonly VersionUseRow[]> {
  const { rows } = await sql<VersionUseRow>`
    SELECT version, first_used_at AS "firstUsedAt", last_used_at AS "lastUsedAt"
    FROM key_use WHERE key_id = ${key} ORDER BY version`.execute(tx);
  return rows;
}

export interface RecentRow {
  readonly version: number;
  readonly ip: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  readonly accepted: number;
  readonly accepted1h: number;
  readonly refused: number;
  /** Accepted for the first and the last time since then; null: not at all. */
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

export interface RecentRows {
  readonly rows: readonly RecentRow[];
  /** The earliest that was looked at, where not all was. */
  readonly cutAt: Date | null;
}

/** Single verifications that are looked at, beginning with the latest. */
const LOOKED_AT = 50_000;
/** Sources that are told apart; what is rarer is left out. */
const MOST_SOURCES = 500;

/** Verifications of the key since then, by version and source, the most frequent first. Each counts for as many as it stands for. */
export async function selectRecent(
  tx: Tx,
  key: string,
  since: Date,
  lastHour: Date,
  lookedAt = LOOKED_AT,
): Promise<RecentRows> {
  const { rows } = await sql<RecentRow & { cutAt: Date | null }>`
    WITH looked AS MATERIALIZED (
      SELECT version, at, code, stands_for, ip, country, agent, service FROM usage_event
      WHERE key_id = ${key} AND at > ${since} ORDER BY at DESC LIMIT ${lookedAt})
    SELECT version, host(ip) AS ip, country, agent, service,
      coalesce(sum(stands_for) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
      coalesce(sum(stands_for) FILTER (WHERE code = 'VALID' AND at > ${lastHour}), 0)::bigint AS "accepted1h",
      coalesce(sum(stands_for) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused,
      min(at) FILTER (WHERE code = 'VALID') AS "firstAt", max(at) FILTER (WHERE code = 'VALID') AS "lastAt",
      (SELECT CASE WHEN count(*) = ${lookedAt} THEN min(at) END FROM looked) AS "cutAt"
    FROM looked GROUP BY version, ip, country, agent, service
    ORDER BY row_number() OVER (PARTITION BY version ORDER BY sum(stands_for) DESC), version LIMIT ${MOST_SOURCES}`.execute(
    tx,
  );
  return { rows, cutAt: rows[0]?.cutAt ?? null };
}

export interface KeyUseRow {
  readonly key: string;
  readonly firstUsedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

/** When keys were accepted first and last, with any of their versions, as far as it has been counted; those that ever were. */
export async function selectKeyUses(tx: Tx, keys: readonly string[]): Promise<readonly KeyUseRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<KeyUseRow>`
    SELECT key_id AS key, min(first_used_at) AS "firstUsedAt", max(last_used_at) AS "lastUsedAt"
    FROM key_use WHERE key_id = ANY (${[...keys]}::text[]) AND first_used_at IS NOT NULL GROUP BY key_id`.execute(tx);
  return rows;
}

/** Those of the versions named that were ever accepted, as far as it has been counted: their keys. */
export async function selectUsed(
  tx: Tx,
  named: readonly { readonly key: string; readonly version: number }[],
): Promise<readonly string[]> {
  if (named.length === 0) return [];
  const { rows } = await sql<{ key: string }>`
    SELECT u.key_id AS key FROM unnest(${named.map(({ key }) => key)}::text[], ${named.map(({ version }) => version)}::int[]) AS n (key_id, version)
    JOIN key_use u ON u.key_id = n.key_id AND u.version = n.version WHERE u.first_used_at IS NOT NULL ORDER BY u.key_id`.execute(
    tx,
  );
  return rows.map(({ key }) => key);
}
