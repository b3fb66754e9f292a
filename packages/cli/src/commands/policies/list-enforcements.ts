import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listEnforcements: ApiCommand = {
  operation: pick(policyOperations, "policies.list-enforcements"),
  examples: ["claviger policies list-enforcements"],
};
