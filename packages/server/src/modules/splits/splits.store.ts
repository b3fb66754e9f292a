import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Caller, EndedBecause, Split } from "./split.ts";

const COLUMNS = sql`id, account_id AS account, key_id AS key, state, days, quiet_hours AS "quietHours", revokes, looked_until AS "lookedUntil",
  looked_at AS "lookedAt", quiet_from AS "quietFrom",  unlisted_at AS "unlistedAt", next_at AS "nextAt", started_by AS "startedBy", started_at AS "startedAt", ended_at AS "endedAt",
  ended_because AS "endedBecause"`;

/** Throws pg's unique violation while another one of the key is open. */
export async function insertSplit(tx: Tx, split: Split): Promise<void> {
  const { id, account, key, state, days, quietHours, revokes, lookedUntil, unlistedAt, nextAt, startedAt } = split;
  await sql`INSERT INTO key_split
      (id, account_id, key_id, state, days, quiet_hours, revokes, looked_until, looked_at, quiet_from, unlisted_at, next_at, started_by,
      started_at)
    VALUES (${id}, ${account}, ${key}, ${state}, ${days}, ${quietHours}, ${revokes}, ${lookedUntil}, clock_timestamp(), ${split.quietFrom},
      ${unlistedAt}, ${nextAt}, ${JSON.stringify(split.startedBy)}, ${startedAt})`.execute(tx);
}

/** The one that is open, or else the latest. */
export async function findSplit(tx: Tx, key: string): Promise<Split | null> {
  const { rows } = await sql<Split>`SELECT ${COLUMNS} FROM key_split WHERE key_id = ${key}
    ORDER BY state = 'open' DESC, id DESC LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}

/** The one that is open, held against everybody else who changes it or its callers. Who holds the key as well holds it before. */
export async function holdSplit(tx: Tx, key: string): Promise<Split | null> {
  const { rows } =
    await sql<Split>`SELECT ${COLUMNS} FROM key_split WHERE key_id = ${key} AND state = 'open' FOR UPDATE`.execute(tx);
  return rows[0] ?? null;
}

export async function endSplit(
  tx: Tx,
  id: string,
  state: Exclude<Split["state"], "open">,
  because: EndedBecause | null,
  at: Date,
): Promise<void> {
  await sql`UPDATE key_split SET state = ${state}, ended_because = ${because}, ended_at = ${at} WHERE id = ${id}`.execute(
    tx,
  );
}

type Looks = Pick<Split, "id" | "lookedUntil" | "lookedAt" | "quietFrom" | "unlistedAt" | "nextAt">;

export async function saveLooked(
  tx: Tx,
  id: string,
  { lookedUntil, lookedAt, quietFrom, unlistedAt, nextAt }: Omit<Looks, "id">,
): Promise<void> {
  await sql`UPDATE key_split SET looked_until = ${lookedUntil}, looked_at = ${lookedAt}, quiet_from = ${quietFrom},
    unlisted_at = ${unlistedAt}, next_at = ${nextAt} WHERE id = ${id}`.execute(tx);
}

/**
 * Keys whose splits are to be looked at now, the longest due first, each by whoever takes it here: for a while nobody else does. What a clock
 * that ran ahead has put off is due again.
 */
export async function takeDueSplits(tx: Tx, now: Date, until: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`UPDATE key_split SET next_at = ${until} WHERE id IN (
      SELECT id FROM key_split WHERE state = 'open' AND (next_at <= ${now} OR next_at > ${now}::timestamptz + interval '1 hour')
      ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING key_id AS key`.execute(tx);
  return rows.map(({ key }) => key);
}

export interface SplitFilter {
  readonly account: string | null;
  readonly state: Split["state"] | null;
}

/** Newest first, before one of them. */
export async function selectSplits(
  tx: Tx,
  { account, state }: SplitFilter,
  before: string | null,
  limit: number,
): Promise<readonly Split[]> {
  const { rows } = await sql<Split>`SELECT ${COLUMNS} FROM key_split
    WHERE (${account}::text IS NULL OR account_id = ${account}) AND (${state}::text IS NULL OR state = ${state})
      AND (${before}::text IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit}`.execute(tx);
  return rows;
}

interface CallerRow extends Omit<Caller, "match"> {
  readonly service: string | null;
  readonly network: string | null;
  readonly agent: string | null;
}

/** By name. */
export async function selectCallers(tx: Tx, split: string): Promise<readonly Caller[]> {
  const { rows } =
    await sql<CallerRow>`SELECT name, service, network, agent, description, found, dropped, requests, routes,
      first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt", key_id AS key
    FROM split_caller WHERE split_id = ${split} ORDER BY name COLLATE "C"`.execute(tx);
  return rows.map(({ service, network, agent, ...caller }) => ({ ...caller, match: { service, network, agent } }));
}

/** Creates or replaces them. */
export async function writeCallers(tx: Tx, { id, account }: Split, callers: readonly Caller[]): Promise<void> {
  if (callers.length === 0) return;
  const rows = callers.map(({ match, ...caller }) => ({ ...caller, ...match }));
  await sql`INSERT INTO split_caller (split_id, name, account_id, service, network, agent, description, found, dropped, requests,
      routes, first_seen_at, last_seen_at, key_id)
    SELECT ${id}, r.name, ${account}, r.service, r.network, r.agent, r.description, r.found, r.dropped, r.requests, r.routes,
      r."firstSeenAt", r."lastSeenAt", r.key
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (name text, service text, network text, agent text, description text,
      found boolean, dropped boolean, requests bigint, routes jsonb, "firstSeenAt" timestamptz, "lastSeenAt" timestamptz, key text)
    ORDER BY r.name
    ON CONFLICT (split_id, name) DO UPDATE SET service = excluded.service, network = excluded.network, agent = excluded.agent,
      description = excluded.description, found = excluded.found, dropped = excluded.dropped, requests = excluded.requests,
      routes = excluded.routes, first_seen_at = excluded.first_seen_at, last_seen_at = excluded.last_seen_at, key_id = excluded.key_id`.execute(
    tx,
  );
}

export async function removeCallers(tx: Tx, split: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await sql`DELETE FROM split_caller WHERE split_id = ${split} AND name = ANY (${[...names]}::text[])`.execute(tx);
}

/** Those of an account that is erased. */
export async function eraseSplits(tx: Tx, account: string): Promise<void> {
  await sql`DELETE FROM split_caller WHERE account_id = ${account}`.execute(tx);
  await sql`DELETE FROM key_split WHERE account_id = ${account}`.execute(tx);
}
