import { pick, storeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const testStore: ApiCommand = {
  operation: pick(storeOperations, "stores.test"),
  examples: ["claviger stores test vault"],
};
