import { deleteBudget } from "./delete.ts";
import { getBudget } from "./get.ts";
import { listBudgets } from "./list.ts";
import { putBudget } from "./put.ts";

export const budgets = [listBudgets, getBudget, putBudget, deleteBudget] as const;
