import { pick, storeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putStore: ApiCommand = {
  operation: pick(storeOperations, "stores.put"),
  examples: [
    "claviger stores put vault --path-prefix claviger/ --data @vault.json",
    "claviger stores put hsm --command put-secret",
  ],
};
