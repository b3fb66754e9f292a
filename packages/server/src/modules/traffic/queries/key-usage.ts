import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface OutcomeRow {
  readonly version: number;
  readonly code: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
}

/**
 * What became of each version of the key, by code. The last use is that of key_use, which lists and views tell as well; uses from before
 * outcomes were counted are there alone, and of refusals from then only the latest.
 */
export async function selectOutcomes(tx: Tx, key: string): Promise<readonly OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    WITH o AS (SELECT version, code, first_at, last_at, requests FROM key_outcome WHERE key_id = ${key}),
      u AS (SELECT version, first_used_at, last_used_at, last_refused_at, last_refused_code, accepted, refused FROM key_use WHERE key_id = ${key})
    SELECT version, code, first_at AS "firstAt", last_at AS "lastAt", requests FROM (
      SELECT * FROM o WHERE code <> 'VALID'
      UNION ALL
      SELECT version, 'VALID', least(o.first_at, u.first_used_at), coalesce(u.last_used_at, o.last_at), greatest(o.requests, u.accepted)
      FROM (SELECT * FROM o WHERE code = 'VALID') o FULL JOIN (SELECT * FROM u WHERE last_used_at IS NOT NULL) u USING (version)
      UNION ALL
      SELECT version, last_refused_code, last_refused_at, last_refused_at, refused FROM u
      WHERE last_refused_at IS NOT NULL AND NOT EXISTS (SELECT FROM o WHERE o.version = u.version AND o.code <> 'VALID')) all_of_them
    ORDER BY version, code`.execute(tx);
  return rows;
}

export interface SourceRow {
  readonly kind: "network" | "country" | "agent" | "service" | "browser";
  readonly value: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly accepted: number;
  readonly refused: number;
}

/** Where the key was used from, the latest first; bounded as the table is. */
export async function selectSources(tx: Tx, key: string): Promise<readonly SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    SELECT kind, value, first_seen AS "firstSeen", last_seen AS "lastSeen", accepted, refused
    FROM key_source WHERE key_id = ${key} ORDER BY last_seen DESC, value`.execute(tx);
  return rows;
}

export interface AskedRow {
  readonly asked: string;
  readonly requests: number;
  readonly lastDay: Date;
}

/** What was asked for by name where the key was let through, since that day; bounded as the table is. */
export async function selectAsked(tx: Tx, key: string, since: Date): Promise<readonly AskedRow[]> {
  const { rows } = await sql<AskedRow>`
    SELECT value AS asked, sum(accepted)::bigint AS requests, max(starts_at) AS "lastDay"
    FROM usage_facet_day WHERE key_id = ${key} AND starts_at >= ${since} AND kind = 'scopes' AND accepted > 0
    GROUP BY value ORDER BY sum(accepted) DESC, value`.execute(tx);
  return rows;
}

export interface RouteRow {
  readonly method: string | null;
  readonly route: string | null;
  readonly mapped: boolean;
  readonly accepted: number;
  readonly refused: number;
  readonly cost: number;
  readonly lastDay: Date;
}

/** What the key called since that day, the most called first. */
export async function selectRoutes(tx: Tx, key: string, since: Date, limit: number): Promise<readonly RouteRow[]> {
  const { rows } = await sql<RouteRow>`
    SELECT nullif(method, '') AS method, nullif(route, '') AS route, mapped,
      coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
      coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused,
      sum(cost)::bigint AS cost, max(starts_at) AS "lastDay"
    FROM usage_day WHERE key_id = ${key} AND starts_at >= ${since}
    GROUP BY 1, 2, 3 ORDER BY sum(requests) DESC, 2, 1 LIMIT ${limit}`.execute(tx);
  return rows;
}

export interface AcceptedRow {
  /** The template of a scope's route; null for all that was accepted at none. */
  readonly route: string | null;
  readonly method: string;
  readonly requests: number;
  readonly lastDay: Date;
}

/** At which endpoints of scopes the key was let through since that day; as many rows as the platform has endpoints, at most. */
export async function selectAccepted(tx: Tx, key: string, since: Date): Promise<readonly AcceptedRow[]> {
  const { rows } = await sql<AcceptedRow>`
    SELECT CASE WHEN mapped THEN route END AS route, CASE WHEN mapped THEN method ELSE '' END AS method,
      sum(requests)::bigint AS requests, max(starts_at) AS "lastDay"
    FROM usage_day WHERE key_id = ${key} AND starts_at >= ${since} AND code = 'VALID'
    GROUP BY 1, 2 ORDER BY sum(requests) DESC, 1, 2`.execute(tx);
  return rows;
}
