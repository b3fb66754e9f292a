import { pick, splitOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { printSplit } from "../../output/split.ts";

export const getSplit: ApiCommand = {
  operation: pick(splitOperations, "splits.get"),
  examples: ["claviger splits get key_01M8414TSEEBKV20QTA45NWYH3"],
  print: printSplit,
};
