import { endingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { carryOut } from "../../api/bulk.ts";

export const revokeManyKeys: ApiCommand = {
  operation: pick(endingOperations, "keys.revoke-many"),
  examples: [
    "claviger keys revoke-many --account ext:acme --reason leaked --dry-run",
    "claviger keys revoke-many --account ext:acme --reason leaked --confirm 137 --yes",
    "claviger keys revoke-many --view unused-180d --reason unused --confirm 412",
  ],
  question: "End all of them for good, everywhere?",
  carryOut,
};
