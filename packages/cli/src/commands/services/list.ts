import { pick, serviceOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listServices: ApiCommand = {
  operation: pick(serviceOperations, "services.list"),
  examples: ["claviger services list ext:acme"],
  columns: ["id", "externalId", "name", "description", "createdAt"],
};
