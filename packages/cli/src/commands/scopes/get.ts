import { pick, scopeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getScope: ApiCommand = {
  operation: pick(scopeOperations, "scopes.get"),
  examples: ["claviger scopes get invoices:read"],
};
