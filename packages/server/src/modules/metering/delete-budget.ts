import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { type BudgetState, budgetId, type Measure } from "./budget.ts";
import type { Period } from "./period.ts";
import { requireOwner } from "./put-budget.ts";
import { deleteBudgetRow, holdBudget, selectBudgets } from "./queries/budgets.ts";

/** Removes a budget with what was recorded of it, and returns what it was. Throws NOT_FOUND. */
export function deleteBudget(
  act: Act,
  acting: Acting<BudgetState>,
  reference: string,
  measure: Measure,
  period: Period,
): Promise<Done<BudgetState>> {
  return act(acting, PLATFORM, async (unit) => {
    const { subject } = await requireOwner(unit.tx, reference);
    await holdBudget(unit.tx, subject, measure);
    const [state] = await selectBudgets(unit.tx, { account: null, subject, measure }, period, null, 1);
    if (state === undefined) throw new ClavigerError("NOT_FOUND");
    await deleteBudgetRow(unit.tx, subject, measure);
    unit.audits({
      action: "budget.deleted",
      account: state.account,
      target: { type: "budget", id: budgetId(state) },
      before: { amount: state.amount },
    });
    return state;
  });
}
