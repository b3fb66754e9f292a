import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Notice } from "./dormancy.ts";

/** How far the walk over all keys has come. `endedAt`: null while it is under way. */
export interface DormancyWalk {
  readonly beganAt: Date;
  readonly afterId: string;
  readonly endedAt: Date | null;
}

export interface HeldWalk {
  readonly walk: DormancyWalk;
  /** When a node went on with it last. Both by the clock of the database. */
  readonly walkedAt: Date;
  readonly databaseNow: Date;
}

/** Held until the transaction ends, with the time of the database; null where another node has it in hand. */
export async function holdWalk(tx: Tx): Promise<HeldWalk | null> {
  const { rows } = await sql<DormancyWalk & Omit<HeldWalk, "walk">>`
    SELECT began_at AS "beganAt", after_id AS "afterId", ended_at AS "endedAt", walked_at AS "walkedAt",
      clock_timestamp() AS "databaseNow"
    FROM dormancy_walk FOR UPDATE SKIP LOCKED`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  const { databaseNow, walkedAt, ...walk } = row;
  return { walk, walkedAt, databaseNow };
}

export async function saveWalk(tx: Tx, { beganAt, afterId, endedAt }: DormancyWalk): Promise<void> {
  await sql`UPDATE dormancy_walk SET began_at = ${beganAt}, after_id = ${afterId}, ended_at = ${endedAt},
    walked_at = clock_timestamp()`.execute(tx);
}

export interface NoticeRow extends Notice {
  readonly key: string;
  readonly account: string;
}

/** Of these keys, by key. */
export async function selectNotices(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, Notice>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<NoticeRow>`
    SELECT key_id AS key, account_id AS account, action, noticed_at AS "noticedAt", acts_at AS "actsAt", acted_at AS "actedAt"
    FROM dormancy_notice WHERE key_id = ANY (${[...keys]}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Creates or replaces them. */
export async function writeNotices(tx: Tx, rows: readonly NoticeRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`INSERT INTO dormancy_notice (key_id, account_id, action, noticed_at, acts_at, acted_at)
    SELECT r.key, r.account, r.action, r."noticedAt", r."actsAt", r."actedAt"
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (key text, account text, action text, "noticedAt" timestamptz,
      "actsAt" timestamptz, "actedAt" timestamptz)
    ORDER BY r.key
    ON CONFLICT (key_id) DO UPDATE SET action = excluded.action, noticed_at = excluded.noticed_at, acts_at = excluded.acts_at,
      acted_at = excluded.acted_at`.execute(tx);
}

export async function removeNotices(tx: Tx, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`DELETE FROM dormancy_notice WHERE key_id = ANY (${[...keys]}::text[])`.execute(tx);
}

/** Takes back so many notices that have not come to their end, whatever they are of. Returns whether there may be more. */
export async function removeOpenNotices(tx: Tx, count: number): Promise<boolean> {
  const { numAffectedRows } = await sql`DELETE FROM dormancy_notice WHERE key_id IN (
    SELECT key_id FROM dormancy_notice WHERE acted_at IS NULL LIMIT ${count})`.execute(tx);
  return Number(numAffectedRows ?? 0n) === count;
}

/** Those of an account that is erased. */
export async function eraseDormancy(tx: Tx, account: string): Promise<void> {
  await sql`DELETE FROM dormancy_notice WHERE account_id = ${account}`.execute(tx);
}
