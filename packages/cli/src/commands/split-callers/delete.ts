import { pick, splitCallerOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteSplitCaller: ApiCommand = {
  operation: pick(splitCallerOperations, "split-callers.delete"),
  examples: ["claviger split-callers delete key_01M8414TSEEBKV20QTA45NWYH3 nightly"],
};
