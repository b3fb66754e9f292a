import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { AttemptMade, HandOver, HandOverState, HeldHandOver } from "../hand-over.ts";

const COLUMNS = sql`id, account_id AS account, key_id AS key, version, management, scheduled, store_id AS store, path, state, tries, attempts,
  created_by AS "createdBy", created_at AS "createdAt", due_at AS "dueAt", deadline, ended_at AS "endedAt"`;

export async function insertHandOver(tx: Tx, handOver: HeldHandOver): Promise<void> {
  const { id, account, key, version, management, scheduled, store, path, state, sealed } = handOver;
  const { createdBy, createdAt, dueAt, deadline } = handOver;
  await sql`INSERT INTO hand_over (id, account_id, key_id, version, management, scheduled, store_id, path, state, sealed,
      created_by, created_at, due_at, deadline)
    VALUES (${id}, ${account}, ${key}, ${version}, ${management}, ${scheduled}, ${store}, ${path}, ${state}, ${sealed},
      ${createdBy}, ${createdAt}, ${dueAt}, ${deadline})`.execute(tx);
}

export async function findHandOver(tx: Tx, id: string): Promise<HandOver | null> {
  const { rows } = await sql<HandOver>`SELECT ${COLUMNS} FROM hand_over WHERE id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

/** Kept from others until the transaction ends. */
export async function holdHandOver(tx: Tx, id: string): Promise<HeldHandOver | null> {
  const { rows } =
    await sql<HeldHandOver>`SELECT ${COLUMNS}, sealed FROM hand_over WHERE id = ${id} FOR UPDATE`.execute(tx);
  return rows[0] ?? null;
}

interface Room {
  readonly now: Date;
  /** What is claimed is nobody else's until then. */
  readonly until: Date;
  /** How many are being tried already, by store. */
  readonly busy: ReadonlyMap<string, number>;
  /** Of one store so many are tried at once. */
  readonly perStore: number;
  readonly free: number;
}

/** Due ones, and those that a clock which ran ahead has put off; the longest due first, of no store more than it has room for; counted as tried. */
export async function claimDue(tx: Tx, { now, until, busy, perStore, free }: Room): Promise<readonly HeldHandOver[]> {
  const { rows } = await sql<HeldHandOver>`
    WITH store AS MATERIALIZED (
      SELECT id, ${perStore}::integer - coalesce((${JSON.stringify(Object.fromEntries(busy))}::jsonb ->> id)::integer, 0) AS room
      FROM secret_store
    ), due AS MATERIALIZED (
      SELECT one.id FROM store, LATERAL (
        SELECT id, due_at FROM hand_over WHERE state = 'waiting' AND store_id = store.id
          AND (due_at <= ${now} OR due_at > ${now}::timestamptz + interval '2 days')
        ORDER BY due_at LIMIT greatest(store.room, 0) FOR UPDATE SKIP LOCKED) one
      ORDER BY one.due_at LIMIT ${free}
    )
    UPDATE hand_over SET tries = tries + 1, due_at = ${until} WHERE id = ANY(ARRAY(SELECT id FROM due))
    RETURNING ${COLUMNS}, sealed`.execute(tx);
  return rows;
}

const withAttempt = (made: AttemptMade) => sql`(
  SELECT jsonb_agg(made ORDER BY place) FROM (
    SELECT made, place FROM jsonb_array_elements(attempts || ${JSON.stringify([made])}::jsonb) WITH ORDINALITY AS one (made, place)
    ORDER BY place DESC LIMIT 10) latest)`;

/** It waits on. Nothing of what ended meanwhile is touched. */
export async function putOff(tx: Tx, id: string, dueAt: Date, made: AttemptMade): Promise<void> {
  await sql`UPDATE hand_over SET due_at = ${dueAt}, attempts = ${withAttempt(made)}
    WHERE id = ${id} AND state = 'waiting'`.execute(tx);
}

/** Nothing is left of its secret afterwards. The caller holds it; throws TypeError where it is not as it was read. */
export async function endHandOver(
  tx: Tx,
  { id, state: from }: Pick<HandOver, "id" | "state">,
  state: Exclude<HandOverState, "waiting" | "offered">,
  at: Date,
  made: AttemptMade | null = null,
): Promise<void> {
  const attempts = made === null ? sql`attempts` : withAttempt(made);
  demandMoved(
    await sql`UPDATE hand_over SET state = ${state}, sealed = NULL, ended_at = ${at}, attempts = ${attempts}
      WHERE id = ${id} AND state = ${from} AND sealed IS NOT NULL`.execute(tx),
  );
}

/** waiting → offered. The caller holds it; throws TypeError where it does not wait. */
export async function offerHandOver(tx: Tx, id: string, deadline: Date, made: AttemptMade): Promise<void> {
  demandMoved(
    await sql`UPDATE hand_over SET state = 'offered', deadline = ${deadline}, attempts = ${withAttempt(made)}
      WHERE id = ${id} AND state = 'waiting'`.execute(tx),
  );
}

function demandMoved({ numAffectedRows }: { readonly numAffectedRows?: bigint }): void {
  if (numAffectedRows !== 1n) throw new TypeError("a hand-over has moved without being held");
}

/** Offered ones whose time is over, the oldest first. */
export async function selectExpired(tx: Tx, now: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id FROM hand_over WHERE state = 'offered' AND deadline <= ${now}
    ORDER BY deadline LIMIT ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

/** How many of them there were. */
export async function deleteEnded(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`WITH old AS MATERIALIZED (
      SELECT id FROM hand_over WHERE ended_at < ${before} ORDER BY ended_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) DELETE FROM hand_over USING old WHERE hand_over.id = old.id`.execute(tx);
  return Number(numAffectedRows);
}

export async function isOnTheWay(tx: Tx, store: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM hand_over WHERE store_id = ${store} AND state = 'waiting' LIMIT 1`.execute(tx);
  return rows.length > 0;
}

/** Whether a secret of a key is on its way, or offered, that a schedule has made. */
export async function isHandedOver(tx: Tx, key: string): Promise<boolean> {
  const { rows } = await sql`SELECT FROM hand_over
    WHERE key_id = ${key} AND scheduled AND state IN ('waiting', 'offered') LIMIT 1`.execute(tx);
  return rows.length > 0;
}

export interface HandOverFilter {
  readonly account: string | null;
  readonly key: string | null;
  readonly store: string | null;
  readonly state: HandOverState | null;
  /** Those of management keys as well. */
  readonly management: boolean;
}

/** Newest first, before one of them. */
export async function selectHandOvers(
  tx: Tx,
  { account, key, store, state, management }: HandOverFilter,
  before: string | null,
  limit: number,
): Promise<readonly HandOver[]> {
  const { rows } = await sql<HandOver>`SELECT ${COLUMNS} FROM hand_over
    WHERE (${management} OR NOT management) AND (${account}::text IS NULL OR account_id = ${account})
      AND (${key}::text IS NULL OR key_id = ${key}) AND (${store}::text IS NULL OR store_id = ${store})
      AND (${state}::text IS NULL OR state = ${state}) AND (${before}::text IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Those of an account that is erased. */
export async function eraseHandOvers(tx: Tx, account: string): Promise<void> {
  await sql`DELETE FROM hand_over WHERE account_id = ${account}`.execute(tx);
}
