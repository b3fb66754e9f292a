import { budgetOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteBudget: ApiCommand = {
  operation: pick(budgetOperations, "budgets.delete"),
  examples: ["claviger budgets delete ext:acme requests"],
};
