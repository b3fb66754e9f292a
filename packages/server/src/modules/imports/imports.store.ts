import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { KeyImport, LineError } from "./key-import.ts";

const COLUMNS = sql`id, state, lines, imported, known, failed, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** The import of this name, or a new one; `id` is used for that. */
export async function openImport(
  tx: Tx,
  { id, principal, name, now }: { id: string; principal: string; name: string | null; now: Date },
): Promise<KeyImport> {
  await sql`INSERT INTO key_import (id, principal, name, state, lines, imported, known, failed, foreign_form, created_at, updated_at)
    VALUES (${id}, ${principal}, ${name}, 'open', 0, 0, 0, 0, false, ${now}, ${now}) ON CONFLICT (principal, name) DO NOTHING`.execute(
    tx,
  );
  const { rows } = await sql<KeyImport>`SELECT ${COLUMNS} FROM key_import
    WHERE ${name === null ? sql`id = ${id}` : sql`principal = ${principal} AND name = ${name}`}`.execute(tx);
  return rows[0] as KeyImport;
}

export async function findImport(tx: Tx, id: string, hold = false): Promise<KeyImport | null> {
  const { rows } = await sql<KeyImport>`SELECT ${COLUMNS} FROM key_import WHERE id = ${id}
    ${hold ? sql`FOR UPDATE` : sql``}`.execute(tx);
  return rows[0] ?? null;
}

/** The import of this name by this key, or else the newest of that name. */
export async function findNamedImport(tx: Tx, principal: string, name: string): Promise<KeyImport | null> {
  const { rows } = await sql<KeyImport>`SELECT ${COLUMNS} FROM key_import WHERE name = ${name}
    ORDER BY principal = ${principal} DESC, id DESC LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}

/** Newest first, before one of them. */
export async function selectImports(tx: Tx, before: string | null, limit: number): Promise<readonly KeyImport[]> {
  const { rows } = await sql<KeyImport>`SELECT ${COLUMNS} FROM key_import
    ${before === null ? sql`` : sql`WHERE id < ${before}`} ORDER BY id DESC LIMIT ${limit}`.execute(tx);
  return rows;
}

export interface Progress {
  readonly lines: number;
  readonly imported: number;
  readonly known: number;
  readonly failed: number;
  readonly foreignForm: boolean;
}

export async function addProgress(tx: Tx, id: string, progress: Progress, now: Date): Promise<void> {
  const { lines, imported, known, failed, foreignForm } = progress;
  await sql`UPDATE key_import SET lines = ${lines}, imported = imported + ${imported}, known = known + ${known}, failed = failed + ${failed},
      foreign_form = foreign_form OR ${foreignForm}, state = 'open', updated_at = ${now}
    WHERE id = ${id}`.execute(tx);
}

export async function finishImport(tx: Tx, id: string, now: Date): Promise<void> {
  await sql`UPDATE key_import SET state = 'done', updated_at = ${now} WHERE id = ${id}`.execute(tx);
}

export async function insertErrors(tx: Tx, id: string, errors: readonly LineError[]): Promise<void> {
  const column = <T>(read: (error: LineError, place: number) => T): T[] => errors.map(read);
  await sql`INSERT INTO key_import_error (import_id, line, place, path, message)
    SELECT ${id}, line, row_number() OVER (PARTITION BY line ORDER BY place), path, message
    FROM unnest(${column(({ line }) => line)}::bigint[], ${column((_, place) => place)}::int[], ${column(({ path }) => path)}::text[],
      ${column(({ message }) => message)}::text[]) e (line, place, path, message)`.execute(tx);
}

export interface StoredError extends LineError {
  readonly place: number;
}

/** By line, after a place in that order. */
export async function selectErrors(
  tx: Tx,
  id: string,
  after: readonly number[] | null,
  limit: number,
): Promise<readonly StoredError[]> {
  const { rows } = await sql<StoredError>`SELECT line, place, path, message FROM key_import_error
    WHERE import_id = ${id} ${after === null ? sql`` : sql`AND (line, place) > (${after[0]}::bigint, ${after[1]}::int)`}
    ORDER BY line, place LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Whether any key may be of another form than those that are issued here. */
export async function hasForeignKeys(tx: Tx): Promise<boolean> {
  const { rows } = await sql`SELECT FROM key_import WHERE foreign_form LIMIT 1`.execute(tx);
  return rows.length > 0;
}
