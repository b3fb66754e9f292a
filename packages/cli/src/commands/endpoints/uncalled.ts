import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const uncalledEndpoints: ApiCommand = {
  operation: pick(usageOperations, "endpoints.uncalled"),
  examples: ["claviger endpoints uncalled --days 90", "claviger endpoints uncalled --environment live --all"],
  columns: ["method", "template", "scope", "lastSeen", "accepted", "refused"],
};
