import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getEnvironmentPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.get-environment"),
  examples: ["claviger policies get-environment live"],
};
