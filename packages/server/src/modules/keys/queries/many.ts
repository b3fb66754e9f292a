/** One act on many keys: each statement is for all of them. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Key } from "../key.ts";
import { keyFromRow } from "../keys.store.ts";
import type { EndedKey } from "../record-ended.ts";

export type HeldKey = Pick<Key, "id" | "account" | "state" | "ownerMember" | "ownerTeam">;
/** One of the two. */
export type NewOwner = Pick<Key, "ownerMember" | "ownerTeam">;

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

export async function setOwner(
  tx: Tx,
  ids: readonly string[],
  { ownerMember, ownerTeam }: NewOwner,
  at: Date,
): Promise<void> {
  await tx
    .updateTable("api_key")
    .set({ owner_member: ownerMember, owner_team: ownerTeam, updated_at: at })
    .where(sql<boolean>`id = ANY(${[...ids]}::text[])`)
    .execute();
}

/** Customers' keys that are not revoked, of which this member is the owner: the oldest first, `most` at most. */
export async function selectOwned(tx: Tx, member: string, most: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("api_key")
    .select("id")
    .where("owner_member", "=", member)
    .where("kind", "=", "customer")
    .where("state", "<>", "revoked")
    .orderBy("id")
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/** The same of those that this member made and does not own. */
export async function selectMadeForOthers(tx: Tx, member: string, most: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("api_key")
    .select("id")
    .where("created_by", "=", member)
    .where(sql<boolean>`owner_member IS DISTINCT FROM ${member}`)
    .where("kind", "=", "customer")
    .where("state", "<>", "revoked")
    .orderBy("id")
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/** Customers' keys of an account that are not revoked, the oldest first, `most` at most. */
export async function selectUnrevoked(tx: Tx, account: string, most: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("api_key")
    .select("id")
    .where("account_id", "=", account)
    .where("kind", "=", "customer")
    .where("state", "<>", "revoked")
    .orderBy("created_at")
    .orderBy("id")
    .limit(most)
    .execute();
  return rows.map(({ id }) => id);
}

/** Keys of an account, whatever became of them, by id after one. */
export async function selectKeysOf(tx: Tx, account: string, after: string, most: number): Promise<Key[]> {
  const rows = await tx
    .selectFrom("api_key")
    .selectAll()
    .where("account_id", "=", account)
    .where("id", ">", after)
    .orderBy("id")
    .limit(most)
    .execute();
  return rows.map(keyFromRow);
}
