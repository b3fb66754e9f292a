/** One act on many keys: each statement is for all of them. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Key } from "../key.ts";

export type HeldKey = Pick<Key, "id" | "account" | "state" | "ownerMember" | "ownerTeam">;

/** Customers' keys of these ids, held in the order of their ids, so that two transactions never wait for each other in a circle. */
export async function holdKeys(tx: Tx, ids: readonly string[]): Promise<HeldKey[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("api_key")
    .select(["id", "account_id as account", "state", "owner_member as ownerMember", "owner_team as ownerTeam"])
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .where("kind", "=", "customer")
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();
}

export async function setState(
  tx: Tx,
  ids: readonly string[],
  state: "suspended" | "revoked",
  reason: string,
  comment: string | null,
  at: Date,
): Promise<void> {
  await tx
    .updateTable("api_key")
    .set({ state, state_reason: reason, state_comment: comment, state_at: at, updated_at: at })
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .execute();
}

export async function setOwner(tx: Tx, ids: readonly string[], member: string, at: Date): Promise<void> {
  await tx
    .updateTable("api_key")
    .set({ owner_member: member, owner_team: null, updated_at: at })
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .execute();
}
