import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listAccounts: ApiCommand = {
  operation: pick(accountOperations, "accounts.list"),
  examples: ["claviger accounts list --status suspended", "claviger accounts list --q acme --all --json"],
  columns: ["id", "externalId", "name", "plan", "status", "createdAt"],
};
