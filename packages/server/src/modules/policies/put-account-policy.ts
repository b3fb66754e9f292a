import type { PolicyBody } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import {
  beginEnforcement,
  confirmTightening,
  mayTighten,
  shownEnforcement,
  type Tightening,
} from "./begin-enforcement.ts";
import { findAccountPolicy, lockPolicies, saveAccountPolicy } from "./policies.store.ts";
import type { AccountPolicy, Enforcement } from "./policy.ts";
import type { PoliciesPorts } from "./ports.ts";
import { demandReferable, requireAccountId } from "./queries.ts";

export interface PutAccountPolicyInput {
  readonly policy?: string | null | undefined;
  readonly overrides?: PolicyBody | undefined;
}

export interface PutAccountPolicy {
  readonly policy: AccountPolicy;
  readonly enforcement: Enforcement | null;
}

/**
 * Says which policy holds for an account and what is set for it alone; what is left out is taken away. Throws NOT_FOUND, also for the
 * account of the management keys; VALIDATION_FAILED for an unknown policy; CONFIRMATION_REQUIRED where many keys end sooner and
 * their number was not given; CONFLICT where another policy changes meanwhile.
 */
export async function putAccountPolicy(
  ports: PoliciesPorts,
  acting: Acting<PutAccountPolicy>,
  reference: string,
  input: PutAccountPolicyInput,
  tightening: Tightening,
): Promise<Done<PutAccountPolicy>> {
  const wanted = { policy: input.policy ?? null, overrides: input.overrides ?? {} };
  const tightens = (before: AccountPolicy): boolean =>
    before.policy !== wanted.policy || mayTighten(before.overrides, wanted.overrides);
  const known = await ports.database.transaction(PLATFORM, async (tx) => {
    await demandReferable(tx, wanted.policy);
    return findAccountPolicy(tx, await requireAccountId(tx, reference));
  });
  const change = { kind: "account", account: known.account, ...wanted } as const;
  const confirmed = await confirmTightening(ports, change, tightening, tightens(known));
  return ports.act(acting, PLATFORM, async (unit) => {
    const account = await requireAccountId(unit.tx, reference, "share");
    await lockPolicies(unit.tx);
    await demandReferable(unit.tx, wanted.policy);
    const before = await findAccountPolicy(unit.tx, account);
    const policy = { account, ...wanted, updatedAt: unit.now };
    await saveAccountPolicy(unit.tx, policy);
    const enforcement = tightens(before) ? await beginEnforcement(unit, ports.ids, confirmed) : null;
    const difference = changed(shown(before), shown(policy));
    unit.audits({
      ...{ action: "account-policy.updated", account, target: { type: "account", id: account } },
      before: difference?.before ?? {},
      after: { ...difference?.after, ...shownEnforcement(enforcement) },
    });
    return { policy, enforcement };
  });
}

const shown = ({ policy, overrides }: AccountPolicy) => ({ policy, overrides });
