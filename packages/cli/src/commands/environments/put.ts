import { environmentOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putEnvironment: ApiCommand = {
  operation: pick(environmentOperations, "environments.put"),
  examples: [
    "claviger environments put sandbox --tag sbx --class staging",
    "claviger environments put live --tag live --class production --limits burst=100/second",
  ],
};
