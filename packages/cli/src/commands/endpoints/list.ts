import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listEndpoints: ApiCommand = {
  operation: pick(usageOperations, "endpoints.list"),
  examples: ["claviger endpoints list --environment live --mapped false --days 30"],
  columns: ["environment", "method", "template", "scope", "firstSeen", "lastSeen", "accepted", "refused"],
};
