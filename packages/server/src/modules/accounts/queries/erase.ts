/** What is known of the people of an account that is closed, and taking it away. */
import type { Tx } from "../../../db/index.ts";
import type { Account } from "../account.ts";

/** What stands where a name or an address was. */
const ERASED = "erased";

/** An account that is to be erased by now, held; null where there is none, or others are at it. */
export async function takeDue(tx: Tx, now: Date): Promise<Pick<Account, "id"> | null> {
  const row = await tx
    .selectFrom("account")
    .select("id")
    .where("erase_at", "<=", now)
    .where("erased_at", "is", null)
    .orderBy("erase_at")
    .limit(1)
    .forNoKeyUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

/** Names, addresses, ids of the platform's own and whatever it attached; ids of ours stay. */
export async function eraseAccount(tx: Tx, account: string, at: Date): Promise<void> {
  await tx
    .updateTable("member")
    .set({ name: ERASED, email: "", external_id: null, status: "deactivated", updated_at: at })
    .where("account_id", "=", account)
    .execute();
  await tx
    .updateTable("service")
    .set({ name: ERASED, description: "", metadata: "{}", external_id: null, updated_at: at })
    .where("account_id", "=", account)
    .execute();
  await tx
    .updateTable("account")
    .set({
      ...{ name: ERASED, metadata: "{}", external_id: null, suspended_reason: "closed" },
      ...{ erased_at: at, updated_at: at },
    })
    .where("id", "=", account)
    .execute();
}
