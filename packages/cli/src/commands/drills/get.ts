import { drillOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getDrill: ApiCommand = {
  operation: pick(drillOperations, "drills.get"),
  examples: ["claviger drills get drl_01M8414TSEEBKV20QTA45NWYH3"],
};
