import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getKey: ApiCommand = {
  operation: pick(keyOperations, "keys.get"),
  examples: ["claviger keys get key_01M8414TSEEBKV20QTA45NWYH3"],
};
