import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putEnvironmentPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.put-environment"),
  examples: ["claviger policies put-environment live --policy strict"],
};
