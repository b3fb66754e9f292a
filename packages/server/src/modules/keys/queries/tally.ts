import { sql } from "kysely";
import { type Database, PLATFORM } from "../../../db/index.ts";

/** Rows of the tally beyond which they are added up. */
const FOLDED_FROM = 1_000;

/** Adds up rows of the tally that have everything in common. Nobody waits for it, and of two at a time one does nothing. */
export async function foldTally(database: Database, from = FOLDED_FROM): Promise<void> {
  await database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ mine: boolean; rows: number }>`
      SELECT pg_try_advisory_xact_lock(7164014) AS mine, (SELECT count(*)::int FROM (SELECT FROM key_tally LIMIT ${from}) t) AS rows`.execute(
      tx,
    );
    if (rows[0]?.mine !== true || rows[0].rows < from) return;
    await sql`WITH several AS (SELECT environment, state, expires_on FROM key_tally GROUP BY 1, 2, 3 HAVING count(*) > 1),
      gone AS (DELETE FROM key_tally t USING several s
        WHERE t.environment = s.environment AND t.state = s.state AND t.expires_on = s.expires_on RETURNING t.*)
      INSERT INTO key_tally (environment, state, expires_on, keys)
      SELECT environment, state, expires_on, sum(keys) FROM gone GROUP BY 1, 2, 3 HAVING sum(keys) <> 0`.execute(tx);
  });
}
