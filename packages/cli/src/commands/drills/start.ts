import { drillOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const startDrill: ApiCommand = {
  operation: pick(drillOperations, "drills.start"),
  examples: ["claviger drills start", "claviger drills start --environment live"],
};
