import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putAccount: ApiCommand = {
  operation: pick(accountOperations, "accounts.put"),
  examples: [
    'claviger accounts put ext:acme --name "Acme Inc."',
    'claviger accounts put ext:acme --name "Acme Inc." --plan pro --metadata region=eu',
  ],
};
