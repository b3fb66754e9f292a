import { pick, scheduleOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getSchedule: ApiCommand = {
  operation: pick(scheduleOperations, "schedules.get"),
  examples: ["claviger schedules get key_01M8414TSEEBKV20QTA45NWYH3"],
};
