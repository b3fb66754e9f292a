/** Keys of an account that is closed. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** Customers' keys of an account that are not erased yet, `most` at most. */
export async function selectUnerasedKeys(tx: Tx, account: string, most: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("api_key")
    .select("id")
    .where("account_id", "=", account)
    .where("erased_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/** What people said of these keys; what they could do, their states, times and digests stay. */
export async function eraseKeys(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx
    .updateTable("api_key")
    .set({
      ...{ label: "erased", purpose: null, rationale: null, owner_team: null, state_comment: null, stored_in: null },
      ...{ runbook_url: null, dependants: "[]", tags: [], metadata: "{}", allowed_ips: [], allowed_referrers: [] },
      ...{ state_reason: sql`CASE WHEN state = 'revoked' THEN state_reason END`, erased_at: at, updated_at: at },
      throttle_reason: sql`CASE WHEN throttle_reason IS NULL THEN NULL ELSE 'erased' END`,
    })
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .execute();
}
