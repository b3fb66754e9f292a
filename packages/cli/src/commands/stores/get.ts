import { pick, storeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getStore: ApiCommand = {
  operation: pick(storeOperations, "stores.get"),
  examples: ["claviger stores get vault"],
};
