import { pick, scheduleOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listSchedules: ApiCommand = {
  operation: pick(scheduleOperations, "schedules.list"),
  examples: ["claviger schedules list", "claviger schedules list --held true --json"],
  columns: ["key", "account", "everyDays", "overlapHours", "nextAt", "heldSince", "heldBecause"],
};
