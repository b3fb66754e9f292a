import { pick, viewOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const showView: ApiCommand = {
  operation: pick(viewOperations, "views.show"),
  examples: ["claviger views show unused-90d", "claviger views show dead-but-called --all --json"],
  // Of rows that are accounts, those that a key alone has are empty, and the other way round.
  columns: ["id", "name", "label", "account", "environment", "status", "lastUsedAt", "why"],
};
