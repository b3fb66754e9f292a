import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listKeys: ApiCommand = {
  operation: pick(keyOperations, "keys.list"),
  examples: [
    "claviger keys list --account ext:acme --status active",
    "claviger keys list --scope reports:read --all --json",
  ],
  columns: ["id", "preview", "label", "account", "environment", "status", "lastUsedAt", "expiresAt"],
};
