import { pick, scheduleOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putSchedule: ApiCommand = {
  operation: pick(scheduleOperations, "schedules.put"),
  examples: [
    `claviger schedules put key_01M8414TSEEBKV20QTA45NWYH3 --every-days 30 --deliver-to '{"store":"vault","path":"crm/api-key"}'`,
    `claviger schedules put key_01M8414TSEEBKV20QTA45NWYH3 --deliver-to '{"offer":true}'`,
  ],
};
