import { sql } from "kysely";
import { type Database, PLATFORM } from "../../../db/index.ts";

/** New rows of the tally from which on they are added up. */
const FOLDED_FROM = 1_000;
/** New rows that one statement adds up: some tenths of a second. */
const SLICE = 50_000;

/**
 * Adds up new rows of the tally that have everything in common, slice by slice, each in a transaction of its own. Nobody waits for it, and
 * of two at a time one does nothing.
 */
export async function foldTally(database: Database, from = FOLDED_FROM, slice = SLICE): Promise<void> {
  while (await foldSlice(database, from, slice));
}

/** Whether there was anything to do. Sums have ids below zero. */
async function foldSlice(database: Database, from: number, slice: number): Promise<boolean> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ mine: boolean; rows: number }>`
      SELECT pg_try_advisory_xact_lock(7164014) AS mine,
        (SELECT count(*)::int FROM (SELECT FROM key_tally WHERE id > 0 LIMIT ${from}) t) AS rows`.execute(tx);
    if (rows[0]?.mine !== true || rows[0].rows < from) return false;
    await sql`WITH gone AS (
        DELETE FROM key_tally WHERE id IN (SELECT id FROM key_tally WHERE id > 0 ORDER BY id LIMIT ${slice}) RETURNING *)
      INSERT INTO key_tally AS t (id, environment, state, expires_on, keys)
        SELECT -nextval('key_tally_id'), s.* FROM (
          SELECT environment, state, expires_on, sum(keys) AS keys FROM gone GROUP BY 1, 2, 3 HAVING sum(keys) <> 0) s
        ON CONFLICT (environment, state, expires_on) WHERE id < 0
          DO UPDATE SET keys = t.keys + excluded.keys`.execute(tx);
    await sql`DELETE FROM key_tally WHERE id < 0 AND keys = 0`.execute(tx);
    return true;
  });
}
