import { bulkActOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getBulkAct: ApiCommand = {
  operation: pick(bulkActOperations, "bulk-acts.get"),
  examples: ["claviger bulk-acts get bulk_01M8414TSEEBKV20QTA45NWYH3"],
};
