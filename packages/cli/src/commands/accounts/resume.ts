import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const resumeAccount: ApiCommand = {
  operation: pick(accountOperations, "accounts.resume"),
  examples: ["claviger accounts resume ext:acme"],
};
