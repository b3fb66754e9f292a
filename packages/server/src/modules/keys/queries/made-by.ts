import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/**
 * Whether two management keys are in one hand: one was made by the other, at whatever remove, or both by a third that was made itself. Who
 * holds the first of all keys could do everything anyway, so that those which it has made are not in one hand for that.
 */
export async function areInOneHand(tx: Tx, one: string, other: string): Promise<boolean> {
  const { rows } = await sql`
    WITH RECURSIVE line (of, id, by) AS (
      SELECT id, id, created_by FROM api_key WHERE id IN (${one}, ${other})
      UNION SELECT l.of, k.id, k.created_by FROM api_key k JOIN line l ON k.id = l.by AND k.id <> l.id
    )
    SELECT FROM line a JOIN line b ON a.id = b.id
    WHERE a.of = ${one} AND b.of = ${other}
      AND (a.id = ${other} OR EXISTS (SELECT FROM api_key m WHERE m.id = a.by AND m.id <> a.id)) LIMIT 1`.execute(tx);
  return rows.length > 0;
}
