import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listPolicies: ApiCommand = {
  operation: pick(policyOperations, "policies.list"),
  examples: ["claviger policies list"],
  columns: ["name", "lifetimeDays", "maxLifetimeDays", "rotationDays", "updatedAt"],
};
