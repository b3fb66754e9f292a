import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const ownKey: ApiCommand = {
  operation: pick(keyOperations, "keys.self"),
  examples: ["claviger keys self < key.txt", "CLAVIGER_KEY_FILE=key.txt claviger keys self --json"],
};
