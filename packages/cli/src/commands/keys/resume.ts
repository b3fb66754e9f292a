import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const resumeKey: ApiCommand = {
  operation: pick(keyOperations, "keys.resume"),
  examples: ["claviger keys resume key_01M8414TSEEBKV20QTA45NWYH3"],
};
