import { bulkActOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listResults: ApiCommand = {
  operation: pick(bulkActOperations, "bulk-acts.results"),
  examples: [
    "claviger bulk-acts results bulk_01M8414TSEEBKV20QTA45NWYH3 --all",
    "claviger bulk-acts results bulk_01M8414TSEEBKV20QTA45NWYH3 --outcome final",
  ],
  columns: ["key", "outcome"],
};
