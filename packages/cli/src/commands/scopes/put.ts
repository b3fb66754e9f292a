import { pick, scopeOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putScope: ApiCommand = {
  operation: pick(scopeOperations, "scopes.put"),
  examples: [
    'claviger scopes put invoices:read --description "See invoices" --tier read --routes "GET /v1/invoices" --routes "GET /v1/invoices/{id}"',
    'claviger scopes put invoices:refund --description "Pay back" --tier write --sensitive',
  ],
};
