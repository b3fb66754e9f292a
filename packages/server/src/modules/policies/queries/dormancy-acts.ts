import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Whether anything that was said of keys, of whomever and at whatever risk, has dormant ones suspended or revoked. */
export async function dormancyActs(tx: Tx): Promise<boolean> {
  const wanted = sql.lit(`$.**.dormancyAction ? (@ == "suspend" || @ == "revoke")`);
  const { rows } = await sql<{ acts: boolean }>`
    SELECT EXISTS (SELECT FROM policy WHERE jsonb_path_exists(body, ${wanted}))
      OR EXISTS (SELECT FROM account_policy WHERE jsonb_path_exists(overrides, ${wanted}))
      OR EXISTS (SELECT FROM key_policy WHERE jsonb_path_exists(body, ${wanted})) AS acts`.execute(tx);
  return rows[0]?.acts === true;
}
