import { pick, planOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putPlan: ApiCommand = {
  operation: pick(planOperations, "plans.put"),
  examples: ["claviger plans put pro --max-active-keys 20 --limits fair=10000/day --limits burst=50/second"],
};
