import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printSplit } from "../../output/split.ts";

export const cancelSplit: ApiCommand = {
  operation: pick(splitOperations, "splits.cancel"),
  examples: ["claviger splits cancel key_01M8414TSEEBKV20QTA45NWYH3"],
  print: printSplit,
};
