import { environmentOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getEnvironment: ApiCommand = {
  operation: pick(environmentOperations, "environments.get"),
  examples: ["claviger environments get live"],
};
