import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const finishSplit: ApiCommand = {
  operation: pick(splitOperations, "splits.finish"),
  examples: ["claviger splits finish key_01M8414TSEEBKV20QTA45NWYH3"],
  question: "Revoke {id} for good, and all its callers with it that have not moved?",
};
