import { pick, storeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteStore: ApiCommand = {
  operation: pick(storeOperations, "stores.delete"),
  examples: ["claviger stores delete vault"],
};
