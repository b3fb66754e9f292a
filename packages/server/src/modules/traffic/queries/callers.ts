/** Who used one key, told apart by all that is known of a request. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Requests that were accepted and have all of this in common; null: it was not told. */
export interface CallerRow {
  readonly service: string | null;
  readonly network: string | null;
  readonly agent: string | null;
  readonly method: string | null;
  readonly route: string | null;
  readonly requests: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface CallerRows {
  readonly rows: readonly CallerRow[];
  /** The earliest that was looked at, where not all was. */
  readonly cutAt: Date | null;
}

/** Single verifications that are looked at, refused ones among them, beginning with the latest: what a statement can do in its time. */
const LOOKED_AT = 250_000;
const MOST_ROWS = 5_000;

/** What was accepted of the key since then, the most frequent first. Each verification counts for as many as it stands for. */
export async function selectCallerRows(tx: Tx, key: string, since: Date, lookedAt = LOOKED_AT): Promise<CallerRows> {
  const { rows } = await sql<CallerRow & { cutAt: Date | null; groups: number }>`
    WITH looked AS MATERIALIZED (
      SELECT at, code, stands_for, method, route, agent, service,
        CASE family(ip) WHEN 4 THEN network(set_masklen(ip, 24)) WHEN 6 THEN network(set_masklen(ip, 48)) END AS network
      FROM usage_event WHERE key_id = ${key} AND at > ${since} ORDER BY at DESC LIMIT ${lookedAt})
    SELECT service, network::text AS network, agent, method, route, sum(stands_for)::bigint AS requests,
      min(at) AS "firstAt", max(at) AS "lastAt", count(*) OVER ()::int AS groups,
      (SELECT CASE WHEN count(*) = ${lookedAt} THEN min(at) END FROM looked) AS "cutAt"
    FROM looked WHERE code = 'VALID' GROUP BY service, network, agent, method, route
    ORDER BY requests DESC, "lastAt" DESC LIMIT ${MOST_ROWS}`.execute(tx);
  const [first] = rows;
  // Nothing accepted among so many that were refused: what came before is known from counts alone.
  if (first === undefined) return { rows, cutAt: (await isMore(tx, key, since, lookedAt)) ? since : null };
  return { rows, cutAt: first.groups > MOST_ROWS ? (first.cutAt ?? since) : first.cutAt };
}

async function isMore(tx: Tx, key: string, since: Date, lookedAt: number): Promise<boolean> {
  const { rows } = await sql`SELECT FROM usage_event WHERE key_id = ${key} AND at > ${since}
    ORDER BY at DESC OFFSET ${lookedAt - 1} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

/** A network or an agent, whatever else is known of its requests. */
export interface PartRow {
  readonly kind: "network" | "agent";
  /** `*`: those beyond the bound of sources that are told apart. */
  readonly value: string;
  readonly requests: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/**
 * From where and with what the key was used since then, however much it was. `requests` are those that days tell apart, which is none for who
 * is always among the many of a day.
 */
export async function selectCallerParts(tx: Tx, key: string, since: Date): Promise<readonly PartRow[]> {
  const { rows } = await sql<PartRow>`
    SELECT s.kind, s.value, greatest(s.first_seen, ${since}) AS "firstAt", s.last_seen AS "lastAt",
      (SELECT coalesce(sum(d.accepted), 0)::bigint FROM usage_facet_day d WHERE d.key_id = s.key_id AND d.kind = s.kind AND d.value = s.value
        AND d.starts_at >= date_trunc('day', ${since}::timestamptz, 'UTC')) AS requests
    FROM key_source s
    WHERE s.key_id = ${key} AND s.kind IN ('network', 'agent') AND s.last_seen > ${since} AND s.accepted > 0
    ORDER BY s.kind, s.value`.execute(tx);
  return rows;
}

export interface Written {
  /** How old is what is not written yet of uses, in milliseconds: nodes tell every so often. Null where none has told. */
  readonly unwrittenMs: number | null;
  readonly databaseNow: Date;
}

/** How far uses are known, and the time of the database. */
export async function selectWritten(tx: Tx): Promise<Written> {
  const { rows } = await sql<Written>`
    SELECT (extract(epoch FROM clock_timestamp() - min(complete_until)) * 1000)::float8 AS "unwrittenMs", clock_timestamp() AS "databaseNow"
    FROM usage_sender WHERE id = node AND gone_at IS NULL
      AND told_at >= (SELECT max(told_at) FROM usage_sender WHERE id = node) - interval '60 seconds'`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new TypeError("a sum has one row");
  return row;
}

/** A node whose clock is ahead of the database's by more takes keys for unused that are not. In milliseconds. */
const AHEAD_MS = 10_000;

/** `now` in milliseconds since the epoch, by this node's clock. */
export const isAhead = (now: number, databaseNow: Date): boolean => now > databaseNow.getTime() + AHEAD_MS;

/**
 * Up to when all uses are known, in milliseconds since the epoch; null where nobody knows: no node tells, or the clock that says `now` runs
 * ahead.
 */
export function knownUntil({ unwrittenMs, databaseNow }: Written, now: number): number | null {
  return unwrittenMs === null || isAhead(now, databaseNow) ? null : now - unwrittenMs;
}
