import { pick, systemOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const keyFormat: ApiCommand = {
  operation: pick(systemOperations, "system.key-format"),
  examples: ["claviger key-format", "claviger key-format --json | jq -r .gitleaks > claviger.toml"],
};
