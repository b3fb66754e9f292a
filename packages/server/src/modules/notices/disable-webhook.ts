import { PLATFORM } from "../../db/index.ts";
import { type Act, SYSTEM_SOURCE } from "../../kernel/act.ts";
import { findWebhook, updateWebhook } from "./queries/webhooks.ts";
import type { DisabledReason } from "./webhook.ts";

const ACTING = { actor: { type: "system", id: "webhooks" }, source: SYSTEM_SOURCE } as const;

/** Tells a webhook nothing more, because of what its receiver did. Does nothing where that was done, or the webhook put anew, meanwhile. */
export async function disableWebhook(
  act: Act,
  id: string,
  reason: Exclude<DisabledReason, "asked">,
  since: Date,
): Promise<void> {
  await act(ACTING, PLATFORM, async (unit) => {
    const webhook = await findWebhook(unit.tx, id, true);
    if (webhook === null || webhook.status === "disabled" || webhook.updatedAt > since) return unit.foundDone();
    await updateWebhook(unit.tx, {
      ...webhook,
      ...{ status: "disabled", disabledReason: reason, disabledAt: unit.now, updatedAt: unit.now },
    });
    const { account } = webhook;
    unit.audits({ action: "webhook.disabled", account, target: { type: "webhook", id }, after: { reason } });
    unit.emits({ type: "webhook.disabled", account, payload: { webhook: id, reason } });
  });
}
