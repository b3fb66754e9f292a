import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.get"),
  examples: ["claviger policies get default"],
};
