import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { HeldBecause, Schedule } from "./schedule.ts";

const COLUMNS = sql`key_id AS key, account_id AS account, every_days AS "everyDays", overlap_hours AS "overlapHours", store_id AS store, path,
  next_at AS "nextAt", held_since AS "heldSince", held_because AS "heldBecause", held_detail AS "heldDetail",
  created_at AS "createdAt", updated_at AS "updatedAt"`;

/** `hold`: against everybody else who changes it, until the transaction ends. Who holds the key as well holds it afterwards. */
export async function findSchedule(tx: Tx, key: string, hold = false): Promise<Schedule | null> {
  const lock = hold ? sql`FOR UPDATE` : sql``;
  const { rows } = await sql<Schedule>`SELECT ${COLUMNS} FROM rotation_schedule WHERE key_id = ${key} ${lock}`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** Creates or replaces it; it is held up no more. */
export async function writeSchedule(tx: Tx, schedule: Schedule): Promise<void> {
  const { key, account, everyDays, overlapHours, store, path, nextAt, createdAt, updatedAt } = schedule;
  await sql`INSERT INTO rotation_schedule
      (key_id, account_id, every_days, overlap_hours, store_id, path, next_at, created_at, updated_at)
    VALUES (${key}, ${account}, ${everyDays}, ${overlapHours}, ${store}, ${path}, ${nextAt}, ${createdAt}, ${updatedAt})
    ON CONFLICT (key_id) DO UPDATE SET every_days = excluded.every_days, overlap_hours = excluded.overlap_hours,
      store_id = excluded.store_id, path = excluded.path, next_at = excluded.next_at, updated_at = excluded.updated_at,
      held_since = NULL, held_because = NULL, held_detail = NULL`.execute(tx);
}

export async function removeSchedule(tx: Tx, key: string): Promise<void> {
  await sql`DELETE FROM rotation_schedule WHERE key_id = ${key}`.execute(tx);
}

/** When it is looked at next. `held` null: it is held up no more; undefined: as it was. */
export async function putOffSchedule(
  tx: Tx,
  key: string,
  nextAt: Date,
  held?: { readonly since: Date; readonly because: HeldBecause; readonly detail: string | null } | null,
): Promise<void> {
  const change =
    held === undefined
      ? sql``
      : sql`, held_since = ${held?.since ?? null}, held_because = ${held?.because ?? null}, held_detail = ${held?.detail ?? null}`;
  await sql`UPDATE rotation_schedule SET next_at = ${nextAt} ${change} WHERE key_id = ${key}`.execute(tx);
}

/**
 * Keys to look at now, the longest due first. What a clock that ran ahead has put off by more than two days is due again: nothing is ever
 * put off for longer than one.
 */
export async function selectDueSchedules(tx: Tx, now: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`SELECT key_id AS key FROM rotation_schedule
    WHERE next_at <= ${now} OR next_at > ${now}::timestamptz + interval '2 days' ORDER BY next_at LIMIT ${limit}`.execute(
    tx,
  );
  return rows.map(({ key }) => key);
}

export interface ScheduleFilter {
  readonly account: string | null;
  readonly held: boolean | null;
}

export async function selectSchedules(
  tx: Tx,
  { account, held }: ScheduleFilter,
  after: string | null,
  limit: number,
): Promise<readonly Schedule[]> {
  const { rows } = await sql<Schedule>`SELECT ${COLUMNS} FROM rotation_schedule
    WHERE (${account}::text IS NULL OR account_id = ${account}) AND (${held}::boolean IS NULL OR (held_since IS NOT NULL) = ${held})
      AND (${after}::text IS NULL OR key_id > ${after})
    ORDER BY key_id LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Those of an account that is erased. */
export async function eraseSchedules(tx: Tx, account: string): Promise<void> {
  await sql`DELETE FROM rotation_schedule WHERE account_id = ${account}`.execute(tx);
}
