import { drillOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const showStanding: ApiCommand = {
  operation: pick(drillOperations, "drills.standing"),
  examples: ["claviger drills standing --json"],
};
