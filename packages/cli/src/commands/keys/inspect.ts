import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const inspectKey: ApiCommand = {
  operation: pick(usageOperations, "keys.inspect"),
  examples: ["claviger keys inspect key_01M8414TSEEBKV20QTA45NWYH3"],
};
