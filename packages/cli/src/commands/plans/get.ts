import { pick, planOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getPlan: ApiCommand = {
  operation: pick(planOperations, "plans.get"),
  examples: ["claviger plans get pro"],
};
