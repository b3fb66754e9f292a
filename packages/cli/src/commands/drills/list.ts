import { drillOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listDrills: ApiCommand = {
  operation: pick(drillOperations, "drills.list"),
  examples: ["claviger drills list"],
  columns: ["id", "status", "environment", "startedAt", "finishedAt"],
};
