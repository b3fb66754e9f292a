import { budgetOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getBudget: ApiCommand = {
  operation: pick(budgetOperations, "budgets.get"),
  examples: ["claviger budgets get ext:acme requests"],
};
