import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Account, accountSubject } from "./account.ts";
import { updateAccount } from "./accounts.store.ts";
import type { AccountsPorts } from "./ports.ts";
import { requireAccount } from "./put-account.ts";

/** suspended → active. Active already: nothing is written but the question is on record. Throws NOT_FOUND. */
export function resumeAccount(
  ports: AccountsPorts,
  acting: Acting<Account>,
  reference: string,
): Promise<Done<Account>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const { reserved: _, ...account } = await requireAccount(unit.tx, reference, "update");
    const after: Account = { ...account, status: "active", suspendedReason: null, updatedAt: unit.now };
    await updateAccount(unit.tx, after);
    unit.audits({
      action: "account.resumed",
      account: account.id,
      target: { type: "account", id: account.id },
      before: { status: account.status, reason: account.suspendedReason },
      after: { status: "active" },
    });
    unit.widens(accountSubject(account.id));
    unit.emits({ type: "account.resumed", account: account.id, payload: { account: account.id } });
    return after;
  });
}
