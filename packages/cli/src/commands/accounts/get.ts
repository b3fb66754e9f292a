import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getAccount: ApiCommand = {
  operation: pick(accountOperations, "accounts.get"),
  examples: ["claviger accounts get ext:acme"],
};
