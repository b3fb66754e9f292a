import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listEndpoints: ApiCommand = {
  operation: pick(usageOperations, "endpoints.list"),
  examples: ["claviger endpoints list --environment live --mapped false"],
  columns: ["environment", "method", "template", "mapped", "firstSeen", "lastSeen", "accepted", "refused"],
};
