import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const rotateWebhookSecret: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.rotate-secret"),
  examples: ["claviger webhooks rotate-secret billing --overlap-hours 48"],
};
