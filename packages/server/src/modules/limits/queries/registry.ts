import type { HolderRow } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** A part in which no window can be missing anything: the longest is an hour. */
export const SETTLED_MS = 3_600_000;

export const POSTGRES_STORE = "postgresql";
/** Number of PostgreSQL's own part; those of Redis come after it. */
export const POSTGRES_PART = 0;

/** A holder as the registry has it. */
export interface HolderRecord {
  readonly id: string;
  readonly token: string;
  readonly termMs: number;
  readonly ended: boolean;
  /** The holder's own monotonic clock at its last renewal. */
  readonly renewedAt: number;
}

/** The current record of a part: see the migration for the meaning of its fields. */
export interface PartRecord {
  readonly number: number;
  readonly seq: number;
  readonly record: string;
  readonly settledMs: number;
}

export interface StoreRecord {
  /** The installation's own name in stores that others use as well. */
  readonly id: string;
  readonly name: string;
}

/** Where a holder can divide at present: in `name`, or, where it cannot tell, there only if that is in use already. */
export interface StoreWish {
  readonly name: string;
  readonly onlyIfInUse: boolean;
}

const wished = ({ name, onlyIfInUse }: StoreWish) =>
  onlyIfInUse
    ? sql<string>`(SELECT CASE WHEN name = ${name} THEN name ELSE ${POSTGRES_STORE} END FROM limit_store)`
    : sql<string>`${name}::text`;

/** A new holder has nothing to write down, so it has entered whatever epochs there are. */
export async function insertHolder(tx: Tx, { id, token, termMs, now }: HolderRow, wish: StoreWish): Promise<void> {
  await sql`INSERT INTO limit_holder (id, token, term_ms, renewed_at, store, entered)
    VALUES (${id}, ${token}, ${termMs}, ${now}, ${wished(wish)},
      coalesce((SELECT array_agg(seq ORDER BY number) FROM limit_part), '{}'))`.execute(tx);
}

/** Notes of a new holder that what it asks may be carried out late. */
export async function insertLent(tx: Tx, id: string): Promise<void> {
  await tx.insertInto("limit_lent").values({ holder: id }).execute();
}

/** Writes new tokens; returns the ids of those that have not been ended. */
export async function renewHolders(tx: Tx, holders: readonly HolderRow[], wish: StoreWish): Promise<Set<string>> {
  // In one order everywhere, so that two nodes never wait for each other in a circle.
  const sorted = [...holders].sort((a, b) => (a.id < b.id ? -1 : 1));
  const column = <T>(read: (each: HolderRow) => T): T[] => sorted.map(read);
  const ids = column(({ id }) => id);
  // First, and by itself: a statement that locks and updates a row which has changed since it began can lock it twice, and then
  // waits for whoever waits for the first.
  await sql`SELECT FROM limit_holder WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  const renewed = await sql<{ id: string }>`UPDATE limit_holder h SET token = t.token, term_ms = t.term_ms,
      -- A renewal that was carried out late says less than a newer one.
      renewed_at = greatest(h.renewed_at, t.renewed_at), store = ${wished(wish)}
    FROM unnest(${ids}::uuid[], ${column(({ token }) => token)}::uuid[], ${column(({ termMs }) => termMs)}::int[],
      ${column(({ now }) => now)}::float8[]) AS t (id, token, term_ms, renewed_at)
    WHERE h.id = t.id AND NOT h.ended RETURNING h.id`.execute(tx);
  return new Set(renewed.rows.map(({ id }) => id));
}

export function readHolders(tx: Tx): Promise<HolderRecord[]> {
  return tx
    .selectFrom("limit_holder")
    .select(["id", "token", "term_ms as termMs", "ended", "renewed_at as renewedAt"])
    .execute();
}

/** Parts from the number `first` on, `count` of them. */
export function readParts(tx: Tx, first: number, count: number): Promise<PartRecord[]> {
  return tx
    .selectFrom("limit_part")
    .select(["number", "seq", "record", "settled_ms as settledMs"])
    .where("number", ">=", first)
    .where("number", "<", first + count)
    .orderBy("number")
    .execute();
}

/**
 * The store in use, after it was made the one that all living holders can divide in; while they differ that is PostgreSQL,
 * which all can. From there it goes to another only when nobody is left whose shares are still to be taken over, and nothing
 * is missing. A new store begins with new epochs, so that all write down there what they have.
 */
export async function chooseStore(tx: Tx, partsOf: (name: string) => number): Promise<StoreRecord> {
  const before = await readChoice(tx);
  if (before.chosen === before.name) return before;
  await sql`SELECT FROM limit_store FOR UPDATE`.execute(tx);
  const { id, name, chosen } = await readChoice(tx);
  if (chosen === name) return { id, name };
  await sql`UPDATE limit_store SET name = ${chosen}`.execute(tx);
  // Also where PostgreSQL is left: what is of the epoch before can be dropped then.
  await sql`UPDATE limit_part SET seq = seq + 1, settled_ms = 0 WHERE number = ${POSTGRES_PART}`.execute(tx);
  if (chosen !== POSTGRES_STORE) {
    await sql`INSERT INTO limit_part AS p (number, seq, record, settled_ms)
      SELECT number, 1, '', 0 FROM generate_series(1, ${partsOf(chosen)}::int) AS number
      ON CONFLICT (number) DO UPDATE SET seq = p.seq + 1, record = '', settled_ms = 0`.execute(tx);
  }
  return { id, name: chosen };
}

interface Choice extends StoreRecord {
  readonly chosen: string;
}

async function readChoice(tx: Tx): Promise<Choice> {
  const { rows } = await sql<Choice>`
    WITH wish AS (SELECT count(*) FILTER (WHERE NOT ended) AS living, coalesce(bool_or(ended), false) AS heirless,
      CASE WHEN count(DISTINCT store) FILTER (WHERE NOT ended) = 1 THEN min(store) FILTER (WHERE NOT ended) END AS name
      FROM limit_holder)
    SELECT s.id, s.name, CASE
      WHEN w.living = 0 OR w.name = s.name THEN s.name
      WHEN s.name = ${POSTGRES_STORE} AND w.name IS NOT NULL AND NOT w.heirless AND p.settled_ms >= ${SETTLED_MS}::bigint
        THEN w.name
      ELSE ${POSTGRES_STORE} END AS chosen
    FROM limit_store s JOIN limit_part p ON p.number = ${POSTGRES_PART} CROSS JOIN wish w`.execute(tx);
  const [choice] = rows;
  if (choice === undefined) throw new TypeError("a migrated database says which store is in use");
  return choice;
}

/** Begins a new epoch of a part with this record, above `above`; nothing where `seq` is not the current one any more. */
export async function beginEpoch(tx: Tx, { number, seq }: PartRecord, record: string, above: number): Promise<void> {
  await sql`UPDATE limit_part SET seq = greatest(seq, ${above}::bigint) + 1, record = ${record}, settled_ms = 0
    WHERE number = ${number} AND seq = ${seq}`.execute(tx);
}

/** Notes that the holder has written down what it has. */
export async function enterEpoch(tx: Tx, holder: string, number: number, seq: number): Promise<void> {
  await sql`UPDATE limit_holder SET entered[${number + 1}::int] = ${seq}::bigint
    WHERE id = ${holder} AND NOT ended`.execute(tx);
}

/**
 * Which of these parts every holder has entered that may have had something before their epochs; none of a part whose epoch
 * is another one by now. One statement: all of it as of one moment.
 */
export async function allEntered(tx: Tx, parts: readonly PartRecord[]): Promise<Set<number>> {
  const found = await sql<{ number: number }>`SELECT p.number FROM limit_part p
    JOIN unnest(${parts.map(({ number }) => number)}::int[], ${parts.map(({ seq }) => seq)}::bigint[]) AS t (number, seq)
      ON t.number = p.number AND t.seq = p.seq
    WHERE NOT EXISTS (SELECT FROM limit_holder h WHERE h.entered[p.number + 1] IS DISTINCT FROM p.seq)`.execute(tx);
  return new Set(found.rows.map(({ number }) => number));
}

export async function settlePart(tx: Tx, { number, seq }: PartRecord, settledMs: number): Promise<void> {
  await sql`UPDATE limit_part SET settled_ms = greatest(settled_ms, ${settledMs}::bigint)
    WHERE number = ${number} AND seq = ${seq}`.execute(tx);
}

/** Waits for an exchange of that holder under way, so that what it wrote is there for whoever inherits. */
export async function endHolder(tx: Tx, id: string, token: string): Promise<void> {
  const row = await tx
    .selectFrom("limit_holder")
    .select("id")
    .where("id", "=", id)
    .where("token", "=", token)
    .forUpdate()
    .executeTakeFirst();
  if (row !== undefined) await tx.updateTable("limit_holder").set({ ended: true }).where("id", "=", id).execute();
}

export async function leave(tx: Tx, { id, termMs, now }: Omit<HolderRow, "token">): Promise<void> {
  // As though the term had ended at this moment: nothing was spent after it.
  await tx
    .updateTable("limit_holder")
    .set({ ended: true, renewed_at: now - termMs })
    .where("id", "=", id)
    .where("ended", "=", false)
    .execute();
}

/** Forgets ended holders. */
export async function deleteHolders(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.deleteFrom("limit_holder").where("ended", "=", true).where("id", "in", ids).execute();
}
