import { deleteWebhook } from "./delete.ts";
import { listDeliveries } from "./deliveries.ts";
import { getWebhook } from "./get.ts";
import { listWebhooks } from "./list.ts";
import { putWebhook } from "./put.ts";
import { replayDeliveries } from "./replay.ts";
import { rotateWebhookSecret } from "./rotate-secret.ts";
import { testWebhook } from "./test.ts";

export const webhooks = [
  listWebhooks,
  getWebhook,
  putWebhook,
  deleteWebhook,
  rotateWebhookSecret,
  testWebhook,
  listDeliveries,
  replayDeliveries,
] as const;
