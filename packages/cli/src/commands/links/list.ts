import { linkOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listLinks: ApiCommand = {
  operation: pick(linkOperations, "links.list"),
  examples: [
    "claviger links list --state open",
    "claviger links list --key key_01M8414TSEEBKV20QTA45NWYH3 --all --json",
  ],
  columns: ["id", "key", "version", "state", "recipient", "expiresAt", "endedAt", "openedFrom", "failures"],
};
