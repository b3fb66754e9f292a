import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const testWebhook: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.test"),
  examples: ["claviger webhooks test billing"],
};
