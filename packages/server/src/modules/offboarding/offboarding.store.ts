import type { Tx } from "../../db/index.ts";
import type { NewOwner } from "../keys/index.ts";
import type { Offboarding, OffboardingPolicy } from "./offboarding.ts";

interface Target {
  readonly to_member: string | null;
  readonly to_team: string | null;
}

const ownerIn = ({ to_member, to_team }: Target): NewOwner | null =>
  to_member === null && to_team === null ? null : { ownerMember: to_member, ownerTeam: to_team };

const columnsOf = (to: NewOwner | null) => ({ to_member: to?.ownerMember ?? null, to_team: to?.ownerTeam ?? null });

/** What was set for an account itself; null where nothing was. */
export async function findPolicy(
  tx: Tx,
  account: string,
): Promise<(OffboardingPolicy & { readonly updatedAt: Date }) | null> {
  const row = await tx
    .selectFrom("offboarding_policy")
    .selectAll()
    .where("account_id", "=", account)
    .executeTakeFirst();
  return row === undefined ? null : { keys: row.keys, to: ownerIn(row), updatedAt: row.updated_at };
}

export async function savePolicy(tx: Tx, account: string, policy: OffboardingPolicy, at: Date): Promise<void> {
  const values = { keys: policy.keys, ...columnsOf(policy.to), updated_at: at };
  await tx
    .insertInto("offboarding_policy")
    .values({ account_id: account, ...values })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(values))
    .execute();
}

export async function deletePolicy(tx: Tx, account: string): Promise<void> {
  await tx.deleteFrom("offboarding_policy").where("account_id", "=", account).execute();
}

export async function insertOffboarding(tx: Tx, left: Offboarding): Promise<void> {
  await tx
    .insertInto("offboarding")
    .values({
      ...{ account_id: left.account, member_id: left.member, started_at: left.startedAt, keys: left.keys },
      ...{ ...columnsOf(left.to), owned: left.owned, made: left.made, bulk_act: left.bulkAct },
    })
    .execute();
}

/** The last time that they left; null where they never did. */
export async function findOffboarding(tx: Tx, account: string, member: string): Promise<Offboarding | null> {
  const row = await tx
    .selectFrom("offboarding")
    .selectAll()
    .where("account_id", "=", account)
    .where("member_id", "=", member)
    .orderBy("started_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { account_id, member_id, started_at: startedAt, keys, owned, made, bulk_act: bulkAct } = row;
  return { account: account_id, member: member_id, startedAt, keys, to: ownerIn(row), owned, made, bulkAct };
}
