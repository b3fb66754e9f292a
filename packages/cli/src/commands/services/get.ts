import { pick, serviceOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getService: ApiCommand = {
  operation: pick(serviceOperations, "services.get"),
  examples: ["claviger services get ext:acme ext:billing"],
};
