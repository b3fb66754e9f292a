import { budgetOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putBudget: ApiCommand = {
  operation: pick(budgetOperations, "budgets.put"),
  examples: [
    "claviger budgets put ext:acme requests --amount 1000000",
    "claviger budgets put key_01M8414TSEEBKV20QTA45NWYH3 cost --amount 5000",
  ],
};
