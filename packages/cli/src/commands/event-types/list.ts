import { eventTypeOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listEventTypes: ApiCommand = {
  operation: pick(eventTypeOperations, "event-types.list"),
  examples: ["claviger event-types"],
  columns: ["type", "description"],
};
