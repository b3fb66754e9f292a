import { pick, scheduleOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteSchedule: ApiCommand = {
  operation: pick(scheduleOperations, "schedules.delete"),
  examples: ["claviger schedules delete key_01M8414TSEEBKV20QTA45NWYH3"],
};
