import { bulkActOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { carryOut } from "../../api/bulk.ts";

export const finishBulkAct: ApiCommand = {
  operation: pick(bulkActOperations, "bulk-acts.finish"),
  examples: ["claviger bulk-acts finish bulk_01M8414TSEEBKV20QTA45NWYH3"],
  carryOut,
};
