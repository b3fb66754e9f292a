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

/** Single verifications that are looked at, beginning with the latest. A million take a second or two. */
const LOOKED_AT = 1_000_000;
const MOST_ROWS = 20_000;

/** What was accepted of the key since then, the most frequent first. Each verification counts for as many as it stands for. */
export async function selectCallerRows(tx: Tx, key: string, since: Date, lookedAt = LOOKED_AT): Promise<CallerRows> {
  const { rows } = await sql<CallerRow & { cutAt: Date | null; groups: number }>`
    WITH looked AS MATERIALIZED (
      SELECT at, stands_for, method, route, agent, service,
        CASE family(ip) WHEN 4 THEN network(set_masklen(ip, 24)) WHEN 6 THEN network(set_masklen(ip, 48)) END AS network
      FROM usage_event WHERE key_id = ${key} AND at > ${since} AND code = 'VALID' ORDER BY at DESC LIMIT ${lookedAt})
    SELECT service, network::text AS network, agent, method, route, sum(stands_for)::bigint AS requests,
      min(at) AS "firstAt", max(at) AS "lastAt", count(*) OVER ()::int AS groups,
      (SELECT CASE WHEN count(*) = ${lookedAt} THEN min(at) END FROM looked) AS "cutAt"
    FROM looked GROUP BY service, network, agent, method, route
    ORDER BY requests DESC, "lastAt" DESC LIMIT ${MOST_ROWS}`.execute(tx);
  const [first] = rows;
  if (first === undefined) return { rows, cutAt: null };
  return { rows, cutAt: first.groups > MOST_ROWS ? (first.cutAt ?? since) : first.cutAt };
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

/** From where and with what the key was used since then, from counts by UTC day: all that was accepted, however much it is. */
export async function selectCallerParts(tx: Tx, key: string, since: Date): Promise<readonly PartRow[]> {
  const { rows } = await sql<PartRow>`
    SELECT s.kind, s.value, greatest(s.first_seen, ${since}) AS "firstAt", s.last_seen AS "lastAt", sum(d.accepted)::bigint AS requests
    FROM key_source s JOIN usage_facet_day d ON d.key_id = s.key_id AND d.kind = s.kind AND d.value = s.value
      AND d.starts_at >= date_trunc('day', ${since}::timestamptz, 'UTC')
    WHERE s.key_id = ${key} AND s.kind IN ('network', 'agent') AND s.last_seen > ${since}
    GROUP BY s.kind, s.value, s.first_seen, s.last_seen HAVING sum(d.accepted) > 0 ORDER BY s.kind, s.value`.execute(
    tx,
  );
  return rows;
}

/** How old is what is not written yet of uses, in milliseconds: nodes tell every so often. Null where none has told. */
export async function selectUnwrittenMs(tx: Tx): Promise<number | null> {
  const { rows } = await sql<{ lag: number | null }>`
    SELECT (extract(epoch FROM now() - min(complete_until)) * 1000)::float8 AS lag FROM usage_sender
    WHERE id = node AND gone_at IS NULL
      AND told_at >= (SELECT max(told_at) FROM usage_sender WHERE id = node) - interval '60 seconds'`.execute(tx);
  return rows[0]?.lag ?? null;
}
