import type { PolicyBody } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { findAccountPolicy, lockPolicies, saveAccountPolicy } from "./policies.store.ts";
import type { AccountPolicy } from "./policy.ts";
import { demandReferable, requireAccountId } from "./queries.ts";

export interface PutAccountPolicyInput {
  readonly policy?: string | null | undefined;
  readonly overrides?: PolicyBody | undefined;
}

/**
 * Says which policy holds for an account and what is set for it alone; what is left out is taken away. Throws NOT_FOUND, also for the
 * account of the management keys; VALIDATION_FAILED for an unknown policy.
 */
export function putAccountPolicy(
  act: Act,
  acting: Acting<AccountPolicy>,
  reference: string,
  input: PutAccountPolicyInput,
): Promise<Done<AccountPolicy>> {
  return act(acting, PLATFORM, async (unit) => {
    const account = await requireAccountId(unit.tx, reference, "share");
    await lockPolicies(unit.tx);
    const before = await findAccountPolicy(unit.tx, account);
    const after = {
      ...{ account, policy: input.policy ?? null, overrides: input.overrides ?? {} },
      updatedAt: unit.now,
    };
    await demandReferable(unit.tx, after.policy);
    await saveAccountPolicy(unit.tx, after);
    const difference = changed(shown(before), shown(after));
    unit.audits({
      ...{ action: "account-policy.updated", account, target: { type: "account", id: account } },
      ...{ before: difference?.before ?? {}, after: difference?.after ?? {} },
    });
    return after;
  });
}

const shown = ({ policy, overrides }: AccountPolicy) => ({ policy, overrides });
