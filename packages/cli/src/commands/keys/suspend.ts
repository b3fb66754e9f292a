import { keyOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const suspendKey: ApiCommand = {
  operation: pick(keyOperations, "keys.suspend"),
  examples: ['claviger keys suspend key_01M8414TSEEBKV20QTA45NWYH3 --reason "looking into it"'],
};
