/** Where keys of an account that is closed were used from: who used them is erased, how much is not. */
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

const TABLES = ["usage_event", "usage_facet_hour", "usage_facet_day", "key_source"] as const;

/** Deletes `most` rows at most, of events and of sources. Returns whether there may be more. */
export async function eraseUses(tx: Tx, keys: readonly string[], most: number): Promise<boolean> {
  for (const table of TABLES) {
    const { numAffectedRows } = await remove(table, keys, most).execute(tx);
    if (Number(numAffectedRows ?? 0n) > 0) return true;
  }
  return false;
}

function remove(table: (typeof TABLES)[number], keys: readonly string[], most: number): RawBuilder<unknown> {
  return sql`DELETE FROM ${sql.table(table)} WHERE (tableoid, ctid) IN
    (SELECT tableoid, ctid FROM ${sql.table(table)} WHERE key_id = ANY(${[...keys]}::text[]) LIMIT ${most})`;
}
