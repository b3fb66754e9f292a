import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const deleteWebhook: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.delete"),
  examples: ["claviger webhooks delete billing"],
};
