import { closingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const exportAccount: ApiCommand = {
  operation: pick(closingOperations, "accounts.export"),
  examples: ["claviger accounts export ext:acme > acme.ndjson"],
};
