import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const suggestKey: ApiCommand = {
  operation: pick(usageOperations, "keys.suggest"),
  examples: ["claviger keys suggest key_01M8414TSEEBKV20QTA45NWYH3 --days 30"],
};
