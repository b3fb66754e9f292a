import { PLATFORM, seal } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import type { NoticesPorts } from "./ports.ts";
import { newSecret, type PutWebhook } from "./put-webhook.ts";
import { requireWebhook, updateWebhook } from "./queries/webhooks.ts";
import { secretPlace } from "./webhook.ts";

const HOUR_MS = 3_600_000;

/** Makes a new secret; the one before signs as well for so many hours, and any earlier one no more. Throws NOT_FOUND. */
export function rotateSecret(
  { act, random, keyring }: Pick<NoticesPorts, "act" | "random" | "keyring">,
  acting: Acting<PutWebhook>,
  id: string,
  overlapHours: number,
): Promise<Done<PutWebhook>> {
  return act(acting, PLATFORM, async (unit) => {
    const before = await requireWebhook(unit.tx, id, true);
    const secret = newSecret({ random });
    const overlaps = overlapHours > 0;
    const webhook = {
      ...before,
      secret: seal(keyring, random, secretPlace(id), secret),
      formerSecret: overlaps ? before.secret : null,
      formerUntil: overlaps ? new Date(unit.now.getTime() + overlapHours * HOUR_MS) : null,
      updatedAt: unit.now,
    };
    await updateWebhook(unit.tx, webhook);
    const target = { type: "webhook", id };
    unit.audits({ action: "webhook.rotated", account: before.account, target, after: { overlapHours } });
    return { webhook, secret };
  });
}
