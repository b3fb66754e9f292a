import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const revokeOwnKey: ApiCommand = {
  operation: pick(keyOperations, "keys.revoke-self"),
  examples: ["claviger keys revoke-self --yes < key.txt", "claviger keys revoke-self --reason superseded"],
  question: "End the presented key for good, everywhere?",
};
