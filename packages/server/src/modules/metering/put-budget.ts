import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import { findKey } from "../keys/index.ts";
import { type Budget, budgetId, type Measure } from "./budget.ts";
import { holdBudget, putBudgetRow } from "./queries/budgets.ts";

/** Whose budget it is. */
export interface BudgetOwner {
  readonly subject: string;
  readonly account: string;
  readonly key: string | null;
}

/** Whom a reference names: a key or an account. Throws NOT_FOUND, also for management keys and the account that holds them. */
export async function requireOwner(tx: Tx, reference: string): Promise<BudgetOwner> {
  if (reference.startsWith("key_")) {
    const key = await findKey(tx, reference);
    if (key === null || key.kind !== "customer") throw new ClavigerError("NOT_FOUND");
    return { subject: key.id, account: key.account, key: key.id };
  }
  const account = await findAccount(tx, reference);
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return { subject: account.id, account: account.id, key: null };
}

export interface PutBudget {
  readonly budget: Budget;
  readonly created: boolean;
}

/** Sets a budget, or its new amount: what was passed before stays recorded. Throws NOT_FOUND. */
export function putBudget(
  act: Act,
  acting: Acting<PutBudget>,
  reference: string,
  measure: Measure,
  amount: number,
): Promise<Done<PutBudget>> {
  return act(acting, PLATFORM, async (unit) => {
    const owner = await requireOwner(unit.tx, reference);
    const existing = await holdBudget(unit.tx, owner.subject, measure);
    const budget = { ...owner, measure, amount, createdAt: existing?.createdAt ?? unit.now, updatedAt: unit.now };
    await putBudgetRow(unit.tx, budget);
    unit.audits({
      action: existing === null ? "budget.created" : "budget.updated",
      account: owner.account,
      target: { type: "budget", id: budgetId(budget) },
      ...(existing === null ? {} : { before: { amount: existing.amount } }),
      after: { amount },
    });
    return { budget, created: existing === null };
  });
}
