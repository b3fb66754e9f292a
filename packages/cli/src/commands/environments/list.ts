import { environmentOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listEnvironments: ApiCommand = {
  operation: pick(environmentOperations, "environments.list"),
  examples: ["claviger environments list"],
  columns: ["name", "tag", "class", "scopes", "limits"],
};
