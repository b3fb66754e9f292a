import { pick, scopeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listScopes: ApiCommand = {
  operation: pick(scopeOperations, "scopes.list"),
  examples: ["claviger scopes list --all"],
  columns: ["name", "tier", "sensitive", "description", "routes"],
};
