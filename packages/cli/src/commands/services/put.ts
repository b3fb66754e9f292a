import { pick, serviceOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putService: ApiCommand = {
  operation: pick(serviceOperations, "services.put"),
  examples: ['claviger services put ext:acme ext:billing --name Billing --description "Sends invoices"'],
};
