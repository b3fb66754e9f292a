/** Groups that are acknowledged and not counted yet. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** A group as it was logged; `packed` is of `format`. */
export interface LoggedGroup {
  readonly id: number;
  readonly packed: Uint8Array;
}

/** Returns its id. `cells`: how many there are in it. */
export async function insertLogged(tx: Tx, format: number, cells: number, packed: Uint8Array): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO usage_log (format, cells, packed) VALUES (${format}, ${cells}, ${packed}) RETURNING id`.execute(tx);
  return rows[0]?.id ?? 0;
}

export interface Claim {
  /** Whoever takes them: of what it has taken before and did not count, it may take some again. */
  readonly by: string;
  readonly format: number;
  /** Cells, about. */
  readonly cells: number;
  readonly forMs: number;
}

/**
 * Takes the oldest groups for so long, in milliseconds by the database's clock, so that others leave them alone meanwhile. None where
 * somebody else has taken some: all are counted quicker by one. Nothing but `deleteLogged` says that they are counted.
 */
export async function claimLogged(tx: Tx, { by, format, cells, forMs }: Claim): Promise<LoggedGroup[]> {
  const { rows } = await sql<LoggedGroup>`
    UPDATE usage_log l SET claimed_by = ${by}, claimed_until = now() + ${forMs} * interval '1 millisecond'
    WHERE (l.claimed_until < now() OR l.claimed_by = ${by}) AND l.id IN (
      SELECT o.id FROM (SELECT id, sum(cells) OVER (ORDER BY id) - cells AS before FROM usage_log
        WHERE format <= ${format} AND set_aside_at IS NULL) o
      WHERE o.before < ${cells} AND NOT EXISTS (
        SELECT FROM usage_log t WHERE t.claimed_until >= now() AND t.claimed_by <> ${by}))
    RETURNING l.id, l.packed`.execute(tx);
  return rows.sort((a, b) => a.id - b.id);
}

/** It cannot be counted; it stays for somebody to look at, and is in nobody's way. */
export async function setAside(tx: Tx, id: number): Promise<void> {
  await sql`UPDATE usage_log SET set_aside_at = now(), claimed_by = '', claimed_until = '-infinity' WHERE id = ${id}`.execute(
    tx,
  );
}

/** To be called in the transaction that counts them. False where not all of them are there any more: somebody else has counted some. */
export async function deleteLogged(tx: Tx, ids: readonly number[]): Promise<boolean> {
  const { numAffectedRows } = await sql`DELETE FROM usage_log WHERE id = ANY (${[...ids]}::bigint[])`.execute(tx);
  return Number(numAffectedRows ?? 0n) === ids.length;
}

/** Those of these that are not counted yet, and how many cells there are in all that is not. */
export async function findLogged(
  tx: Tx,
  ids: readonly number[],
): Promise<{ readonly own: readonly number[]; readonly cells: number }> {
  const { rows } = await sql<{ own: number[] | null; cells: number }>`
    SELECT array_agg(id) FILTER (WHERE id = ANY (${[...ids]}::bigint[])) AS own, coalesce(sum(cells), 0)::bigint AS cells
    FROM usage_log WHERE set_aside_at IS NULL`.execute(tx);
  return { own: (rows[0]?.own ?? []).map(Number), cells: rows[0]?.cells ?? 0 };
}

/** All that is to be counted, oldest first. */
export async function selectLogged(tx: Tx, format: number): Promise<readonly LoggedGroup[]> {
  const { rows } =
    await sql<LoggedGroup>`SELECT id, packed FROM usage_log WHERE format <= ${format} AND set_aside_at IS NULL ORDER BY id`.execute(
      tx,
    );
  return rows;
}
