import { pick, webhookOperations } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const replayDeliveries: ApiCommand = {
  operation: pick(webhookOperations, "webhooks.replay"),
  examples: [
    "claviger webhooks replay billing --from 2026-01-31T09:00:00Z --to 2026-01-31T12:00:00Z",
    "claviger webhooks replay billing --delivery dlv_01M8414TSEEBKV20QTA45NWYH3",
  ],
};
