import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { SavedFilter } from "./saved-view.ts";

export interface DueView {
  readonly owner: string;
  readonly name: string;
  readonly filter: SavedFilter;
  /** Null: it was not looked at yet, or not since its filter changed. */
  readonly lookedAt: Date | null;
}

/** One whose keeper wishes to be told and that was not looked at since then, none of `passed`, held until the transaction ends; null: there is none. */
export async function takeDueView(tx: Tx, before: Date, passed: readonly DueView[]): Promise<DueView | null> {
  const { rows } = await sql<DueView>`
    SELECT v.owner, v.name, v.filter, l.looked_at AS "lookedAt" FROM saved_view v
    LEFT JOIN view_look l ON l.owner = v.owner AND l.name = v.name
    WHERE v.notify AND (l.looked_at IS NULL OR l.looked_at < ${before})
      AND NOT (v.owner || ' ' || v.name) = ANY (${passed.map(({ owner, name }) => `${owner} ${name}`)}::text[])
    ORDER BY l.looked_at NULLS FIRST, v.owner, v.name LIMIT 1 FOR UPDATE OF v SKIP LOCKED`.execute(tx);
  return rows[0] ?? null;
}

/** Writes down what it has now. Returns the keys that it did not have before, in the order of `keys`. */
export async function noteRows(
  tx: Tx,
  { owner, name }: Pick<DueView, "owner" | "name">,
  keys: readonly string[],
  now: Date,
): Promise<readonly string[]> {
  await sql`INSERT INTO view_look (owner, name, looked_at) VALUES (${owner}, ${name}, ${now})
    ON CONFLICT (owner, name) DO UPDATE SET looked_at = excluded.looked_at`.execute(tx);
  await sql`DELETE FROM view_row WHERE owner = ${owner} AND name = ${name} AND NOT key_id = ANY (${[...keys]}::text[])`.execute(
    tx,
  );
  const { rows } = await sql<{ key: string }>`
    INSERT INTO view_row (owner, name, key_id) SELECT ${owner}, ${name}, k.id FROM unnest(${[...keys]}::text[]) AS k (id)
    ON CONFLICT (owner, name, key_id) DO NOTHING RETURNING key_id AS key`.execute(tx);
  const gained = new Set(rows.map(({ key }) => key));
  return keys.filter((key) => gained.has(key));
}

/** It is looked at as if for the first time. */
export async function forgetRows(tx: Tx, owner: string, name: string): Promise<void> {
  await sql`DELETE FROM view_look WHERE owner = ${owner} AND name = ${name}`.execute(tx);
}
