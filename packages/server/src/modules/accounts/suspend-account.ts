import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Account, accountSubject } from "./account.ts";
import { updateAccount } from "./accounts.store.ts";
import type { AccountsPorts } from "./ports.ts";
import { requireAccount } from "./put-account.ts";

/** active → suspended, in force everywhere when it returns. Suspended already: passes the barrier again. Throws NOT_FOUND. */
export function suspendAccount(
  ports: AccountsPorts,
  acting: Acting<Account>,
  reference: string,
  reason: string,
): Promise<Done<Account>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const { reserved: _, ...account } = await requireAccount(unit.tx, reference, "update");
    if (account.status === "suspended") {
      unit.foundDone();
      return account;
    }
    const after: Account = { ...account, status: "suspended", suspendedReason: reason, updatedAt: unit.now };
    await updateAccount(unit.tx, after);
    unit.audits({
      action: "account.suspended",
      account: account.id,
      target: { type: "account", id: account.id },
      before: { status: "active" },
      after: { status: "suspended", reason },
    });
    unit.narrows(accountSubject(account.id));
    unit.emits({ type: "account.suspended", account: account.id, payload: { account: account.id, reason } });
    return after;
  });
}
