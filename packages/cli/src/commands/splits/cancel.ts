import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const cancelSplit: ApiCommand = {
  operation: pick(splitOperations, "splits.cancel"),
  examples: ["claviger splits cancel key_01M8414TSEEBKV20QTA45NWYH3"],
};
