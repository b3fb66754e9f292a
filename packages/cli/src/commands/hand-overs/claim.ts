import { handOverOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const claimHandOver: ApiCommand = {
  operation: pick(handOverOperations, "hand-overs.claim"),
  examples: ["claviger hand-overs claim hov_01M8414TSEEBKV20QTA45NWYH3"],
};
