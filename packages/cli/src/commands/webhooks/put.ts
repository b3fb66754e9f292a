import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const putWebhook: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.put"),
  examples: [
    "claviger webhooks put billing --webhook-url https://billing.example.com/hooks --events key.created,key.revoked",
    "claviger webhooks put acme --account ext:acme --webhook-url https://acme.example.com/hooks --events '*'",
  ],
};
