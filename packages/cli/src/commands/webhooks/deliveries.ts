import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listDeliveries: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.deliveries"),
  examples: ["claviger webhooks deliveries billing --state failed"],
  columns: ["id", "type", "state", "repeat", "createdAt", "dueAt", "endedAt"],
};
