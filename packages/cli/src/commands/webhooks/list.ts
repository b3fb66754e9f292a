import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listWebhooks: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.list"),
  examples: ["claviger webhooks list --status disabled"],
  columns: ["id", "account", "url", "format", "status", "failingSince"],
};
