import { pick, planOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listPlans: ApiCommand = {
  operation: pick(planOperations, "plans.list"),
  examples: ["claviger plans list"],
  columns: ["name", "maxActiveKeys", "limits", "scopes"],
};
