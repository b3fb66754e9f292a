import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const revokeKey: ApiCommand = {
  operation: pick(keyOperations, "keys.revoke"),
  examples: [
    "claviger keys revoke key_01M8414TSEEBKV20QTA45NWYH3 --reason leaked",
    'claviger keys revoke key_01M8414TSEEBKV20QTA45NWYH3 --reason unused --comment "Q3 review" --yes',
  ],
  question: "End {id} for good, everywhere?",
  // A key in use asks for its label, as --confirm; scripts say --yes, and --guarded where they want to be asked.
  sends: { guarded: true },
};
