import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.put"),
  examples: [
    "claviger policies put strict --lifetime-days 30 --max-lifetime-days 90 --required-fields owner,service",
    "claviger policies put partners --label-patterns '^[a-z]+-(live|test)$' --require-ip-binding",
  ],
};
