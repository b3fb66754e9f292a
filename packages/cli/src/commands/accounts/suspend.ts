import { accountOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const suspendAccount: ApiCommand = {
  operation: pick(accountOperations, "accounts.suspend"),
  examples: [
    'claviger accounts suspend ext:acme --reason "invoice overdue"',
    "claviger accounts suspend ext:acme --reason abuse --yes --json",
  ],
  question: "Refuse every key of {id} until it is resumed?",
};
