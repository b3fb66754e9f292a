import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Whether one management key was made by another, or by one that this has made, and so on. */
export async function isMadeBy(tx: Tx, key: string, maker: string): Promise<boolean> {
  const { rows } = await sql`
    WITH RECURSIVE made (id, by) AS (
      SELECT id, created_by FROM api_key WHERE id = ${key}
      UNION SELECT k.id, k.created_by FROM api_key k JOIN made m ON k.id = m.by AND k.id <> m.id)
    SELECT FROM made WHERE by = ${maker} LIMIT 1`.execute(tx);
  return rows.length > 0;
}
