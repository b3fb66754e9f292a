import { closingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { carryOut } from "../../api/bulk.ts";

export const closeAccount: ApiCommand = {
  operation: pick(closingOperations, "accounts.close"),
  examples: [
    'claviger accounts close ext:acme --reason "contract ended" --dry-run',
    'claviger accounts close ext:acme --reason "contract ended" --erase-after-days 90 --confirm 137 --yes',
  ],
  question:
    "Close the account {id} for good, end all of its keys, and erase what is known of its people after a while?",
  carryOut,
};
