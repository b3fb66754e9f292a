import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const updateAccount: ApiCommand = {
  operation: pick(accountOperations, "accounts.update"),
  examples: ["claviger accounts update ext:acme --plan enterprise", "claviger accounts update ext:acme --no-plan"],
};
