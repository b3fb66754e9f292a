import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { Account } from "./account.ts";
import type { AccountsPorts } from "./ports.ts";
import { type PutAccountInput, replaceAccount, requireAccount } from "./put-account.ts";

/** Changes what is given and leaves the rest. Throws NOT_FOUND, VALIDATION_FAILED for an unknown plan. */
export function updateAccount(
  ports: AccountsPorts,
  acting: Acting<Account>,
  reference: string,
  change: { [Name in keyof PutAccountInput]?: PutAccountInput[Name] | undefined },
): Promise<Done<Account>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const existing = await requireAccount(unit.tx, reference, "update");
    return replaceAccount(unit, existing, {
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.plan === undefined ? {} : { plan: change.plan }),
      ...(change.metadata === undefined ? {} : { metadata: change.metadata }),
    });
  });
}
