/** What a key's page is told from, beside the key itself and what traffic tells of it. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** A single verification: where it came from. */
export interface OriginRow {
  readonly code: string;
  readonly ip: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  readonly method: string | null;
  readonly route: string | null;
}

/** Events that are looked at for one code, beginning with its latest: others of the same time may come first. */
const LOOKED_AT = 200;

/** The latest single verification of each code; none where its events are gone, or it was left out under load. */
export async function selectOrigins(
  tx: Tx,
  key: string,
  codes: readonly { readonly code: string; readonly lastAt: Date }[],
): Promise<readonly OriginRow[]> {
  if (codes.length === 0) return [];
  const { rows } = await sql<OriginRow>`
    SELECT c.code, e.ip, e.country, e.agent, e.service, e.method, e.route
    FROM unnest(${codes.map(({ code }) => code)}::text[], ${codes.map(({ lastAt }) => lastAt.toISOString())}::timestamptz[]) AS c (code, last_at)
    CROSS JOIN LATERAL (
      SELECT n.* FROM (
        SELECT e.at, e.id, e.code, host(e.ip) AS ip, e.country, e.agent, e.service, e.method, e.route FROM usage_event e
        WHERE e.key_id = ${key} AND e.at <= c.last_at AND e.at > c.last_at - interval '1 hour'
        ORDER BY e.at DESC LIMIT ${sql.lit(LOOKED_AT)}) n
      WHERE n.code = c.code ORDER BY n.at DESC, n.id DESC LIMIT 1) e`.execute(tx);
  return rows;
}

export interface SinceRow {
  readonly code: string;
  readonly requests: number;
  /** The moment itself where it is in the hour of `since`, else the beginning of the hour or day. */
  readonly firstAt: Date;
}

/** Single events that are read of the hour in which the key was accepted last. */
const READ_OF_HOUR = 10_000;

/**
 * How often the key was refused so after that moment. Counts know hours and days; of the first hour the single events are added up, and
 * what is left of its day is read by the hour.
 */
export async function selectRefusedSince(
  tx: Tx,
  key: string,
  codes: readonly string[],
  since: Date,
): Promise<readonly SinceRow[]> {
  if (codes.length === 0) return [];
  const [hourEnd, dayEnd] = [
    sql`(date_trunc('hour', ${since}::timestamptz, 'UTC') + interval '1 hour')`,
    sql`(date_trunc('day', ${since}::timestamptz, 'UTC') + interval '1 day')`,
  ];
  const among = sql`code = ANY (${[...codes]}::text[])`;
  const { rows } = await sql<SinceRow>`
    SELECT code, sum(requests)::bigint AS requests, min(first_at) AS "firstAt" FROM (
      SELECT e.code, e.stands_for AS requests, e.at AS first_at FROM (
        SELECT code, stands_for, at FROM usage_event WHERE key_id = ${key} AND at > ${since} AND at < ${hourEnd}
        ORDER BY at LIMIT ${sql.lit(READ_OF_HOUR)}) e
      UNION ALL
      SELECT code, requests, starts_at FROM usage_hour WHERE key_id = ${key} AND starts_at >= ${hourEnd} AND starts_at < ${dayEnd} AND ${among}
      UNION ALL
      SELECT code, requests, starts_at FROM usage_day WHERE key_id = ${key} AND starts_at >= ${dayEnd} AND ${among}) r
    WHERE ${among} GROUP BY code`.execute(tx);
  return rows;
}

export interface RefusedAtRow {
  readonly code: string;
  readonly method: string | null;
  readonly route: string | null;
  readonly requests: number;
}

/** Where the key was refused under each of these codes since that day, the most called first. */
export async function selectRefusedAt(
  tx: Tx,
  key: string,
  codes: readonly string[],
  since: Date,
  most: number,
): Promise<readonly RefusedAtRow[]> {
  if (codes.length === 0) return [];
  const { rows } = await sql<RefusedAtRow>`
    SELECT code, nullif(method, '') AS method, nullif(route, '') AS route, requests FROM (
      SELECT r.*, row_number() OVER (PARTITION BY code ORDER BY requests DESC, route, method) AS place FROM (
        SELECT code, method, route, sum(requests)::bigint AS requests FROM usage_day
        WHERE key_id = ${key} AND starts_at >= ${since} AND code = ANY (${[...codes]}::text[]) AND route <> ''
        GROUP BY code, method, route) r) r
    WHERE place <= ${most} ORDER BY code, place`.execute(tx);
  return rows;
}
