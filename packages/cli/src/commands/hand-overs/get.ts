import { handOverOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getHandOver: ApiCommand = {
  operation: pick(handOverOperations, "hand-overs.get"),
  examples: ["claviger hand-overs get hov_01M8414TSEEBKV20QTA45NWYH3"],
};
