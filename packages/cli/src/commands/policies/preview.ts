import { pick, policyOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const previewPolicy: ApiCommand = {
  operation: pick(policyOperations, "policies.preview"),
  examples: [
    `claviger policies preview --policy '{"name":"default","maxLifetimeDays":90}' --grace-days 30`,
    `claviger policies preview --account '{"id":"ext:acme","policy":"strict"}' --json`,
  ],
};
