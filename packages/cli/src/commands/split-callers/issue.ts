import { pick, splitCallerOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const issueSplitCaller: ApiCommand = {
  operation: pick(splitCallerOperations, "split-callers.issue"),
  examples: [
    `claviger split-callers issue key_01M8414TSEEBKV20QTA45NWYH3 nightly --owner team:data --deliver-to '{"store":"vault","path":"nightly/api-key"}'`,
  ],
};
