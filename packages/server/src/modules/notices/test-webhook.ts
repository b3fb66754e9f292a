import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { insertEvents } from "../../kernel/outbox.ts";
import type { Delivery } from "./delivery.ts";
import type { NoticesPorts } from "./ports.ts";
import { insertDeliveries, requireDelivery } from "./queries/deliveries.ts";
import { requireWebhook } from "./queries/webhooks.ts";

const TYPE = "webhook.test";

/** Sends a webhook, whatever events it wants, an event that tells it is tried out. Throws NOT_FOUND, and STATE_CONFLICT where it is disabled. */
export function testWebhook(
  { act, ids }: Pick<NoticesPorts, "act" | "ids">,
  acting: Acting<Delivery>,
  id: string,
): Promise<Done<Delivery>> {
  return act(acting, PLATFORM, async (unit) => {
    const webhook = await requireWebhook(unit.tx, id);
    if (webhook.status === "disabled") throw disabled();
    const { account } = webhook;
    const event = ids.make("out");
    // No other webhook is told of it.
    await insertEvents(
      unit.tx,
      [{ id: event, type: TYPE, account, payload: { webhook: id }, createdAt: unit.now }],
      true,
    );
    const made = ids.make("dlv");
    await insertDeliveries(unit.tx, [{ id: made, webhook: id, account, event, type: TYPE, repeat: 0 }], unit.now);
    unit.audits({ action: "webhook.tested", account, target: { type: "webhook", id }, after: { delivery: made } });
    return requireDelivery(unit.tx, id, made);
  });
}

export const disabled = (): ClavigerError =>
  new ClavigerError("STATE_CONFLICT", { publicDetail: "The webhook is disabled; put it again first." });
