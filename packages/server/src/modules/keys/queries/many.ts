/** One act on many keys: each statement is for all of them. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Key } from "../key.ts";
import type { EndedKey } from "../record-ended.ts";

export type HeldKey = Pick<Key, "id" | "account" | "state">;

/** Customers' keys of these ids, held in the order of their ids, so that two transactions never wait for each other in a circle. */
export async function holdKeys(tx: Tx, ids: readonly string[]): Promise<HeldKey[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("api_key")
    .select(["id", "account_id as account", "state"])
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .where("kind", "=", "customer")
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();
}

export async function setState(tx: Tx, ids: readonly string[], after: EndedKey, at: Date): Promise<void> {
  const comment = after.state === "revoked" ? after.comment : null;
  await tx
    .updateTable("api_key")
    .set({
      ...{ state: after.state, state_reason: after.reason, state_comment: comment },
      ...{ state_at: at, updated_at: at },
    })
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .execute();
}
