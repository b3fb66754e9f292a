import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putKeyPolicy: ApiCommand = {
  operation: pick(keyOperations, "keys.put-policy"),
  examples: ["claviger keys put-policy key_01M8414TSEEBKV20QTA45NWYH3 --rotation-days 30 --dormancy-days 14"],
};
