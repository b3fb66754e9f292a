import { pick, usageOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const inspectEndpoint: ApiCommand = {
  operation: pick(usageOperations, "endpoints.inspect"),
  examples: ["claviger endpoints inspect --environment live --template '/contacts/{id}' --method GET"],
};
