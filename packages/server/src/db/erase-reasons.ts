import { sql } from "kysely";
import type { Tx } from "./database.ts";

/** Takes out of events of an account what people said in them; codes of reasons stay. */
export async function eraseReasons(tx: Tx, account: string): Promise<void> {
  await sql`UPDATE outbox_event SET payload = payload || '{"reason": "erased"}'
    WHERE account_id = ${account} AND type <> 'key.revoked' AND payload ? 'reason'`.execute(tx);
}
