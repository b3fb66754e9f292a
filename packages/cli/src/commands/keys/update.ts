import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const updateKey: ApiCommand = {
  operation: pick(keyOperations, "keys.update"),
  examples: [
    'claviger keys update key_01M8414TSEEBKV20QTA45NWYH3 --label "Hourly report" --owner team:finance',
    "claviger keys update key_01M8414TSEEBKV20QTA45NWYH3 --scopes reports:read --no-expires-at",
  ],
};
