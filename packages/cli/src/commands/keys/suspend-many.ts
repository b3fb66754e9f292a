import { endingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { carryOut } from "../../api/bulk.ts";

export const suspendManyKeys: ApiCommand = {
  operation: pick(endingOperations, "keys.suspend-many"),
  examples: [
    'claviger keys suspend-many --member mem_01M8414TSEEBKV20QTA45NWYH3 --reason "left the company" --dry-run',
    'claviger keys suspend-many --tag crm --reason "moved to another system" --yes',
  ],
  question: "Refuse all of them until each is resumed?",
  carryOut,
};
