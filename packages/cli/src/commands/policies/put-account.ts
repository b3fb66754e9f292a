import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putAccountPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.put-account"),
  examples: [
    "claviger policies put-account ext:acme --policy strict",
    `claviger policies put-account ext:acme --policy strict --overrides '{"maxLifetimeDays":180}'`,
  ],
};
