import { budgetOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listBudgets: ApiCommand = {
  operation: pick(budgetOperations, "budgets.list"),
  examples: ["claviger budgets list --account ext:acme"],
  columns: ["account", "key", "measure", "amount", "period", "spent", "share"],
};
