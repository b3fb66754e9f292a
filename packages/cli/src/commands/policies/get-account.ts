import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getAccountPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.get-account"),
  examples: ["claviger policies get-account ext:acme"],
};
