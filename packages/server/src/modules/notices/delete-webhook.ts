import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { removeWebhook, requireWebhook } from "./queries/webhooks.ts";
import { auditedWebhook, type Webhook } from "./webhook.ts";

/** Forgets a webhook with its deliveries; those that wait are not sent. Throws NOT_FOUND. */
export function deleteWebhook(act: Act, acting: Acting<Webhook>, id: string): Promise<Done<Webhook>> {
  return act(acting, PLATFORM, async (unit) => {
    const webhook = await requireWebhook(unit.tx, id, true);
    await removeWebhook(unit.tx, id);
    unit.audits({
      action: "webhook.deleted",
      account: webhook.account,
      target: { type: "webhook", id },
      before: auditedWebhook(webhook),
    });
    return webhook;
  });
}
