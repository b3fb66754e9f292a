import { pick, storeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listStores: ApiCommand = {
  operation: pick(storeOperations, "stores.list"),
  examples: ["claviger stores list", "claviger stores list --kind vault --json"],
  columns: ["id", "kind", "pathPrefix", "command", "description", "updatedAt"],
};
