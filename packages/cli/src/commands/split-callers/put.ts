import { pick, splitCallerOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putSplitCaller: ApiCommand = {
  operation: pick(splitCallerOperations, "split-callers.put"),
  examples: [
    `claviger split-callers put key_01M8414TSEEBKV20QTA45NWYH3 nightly --match '{"agent":"python-requests"}' --description "the nightly export"`,
  ],
};
