import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const keyPolicy: ApiCommand = {
  operation: pick(keyOperations, "keys.policy"),
  examples: ["claviger keys policy key_01M8414TSEEBKV20QTA45NWYH3"],
};
