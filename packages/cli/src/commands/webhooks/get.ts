import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getWebhook: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.get"),
  examples: ["claviger webhooks get billing"],
};
