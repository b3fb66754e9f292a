import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const startSplit: ApiCommand = {
  operation: pick(splitOperations, "splits.start"),
  examples: [
    "claviger splits start key_01M8414TSEEBKV20QTA45NWYH3",
    "claviger splits start key_01M8414TSEEBKV20QTA45NWYH3 --days 90 --quiet-hours 336",
  ],
};
