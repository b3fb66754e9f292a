import { Webhook as Signer } from "standardwebhooks";
import { type Keyring, unseal } from "../../db/index.ts";
import type { KeptEvent } from "../../kernel/outbox.ts";
import { sentenceOf } from "./sentence.ts";
import { secretPlace, type Webhook } from "./webhook.ts";

export interface Composed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One attempt as it is posted. By Standard Webhooks: the id is the event's at every attempt, the time is that of the attempt, and
 * while the secret changes over there are two signatures. Slack takes a text and no signature. Throws DatabaseError SEAL_BROKEN.
 */
export function composePost(keyring: Keyring, webhook: Webhook, told: KeptEvent, now: Date, agent: string): Composed {
  const common = { "content-type": "application/json", "user-agent": agent };
  if (webhook.format === "slack") return { headers: common, body: JSON.stringify({ text: slackText(told) }) };
  const body = JSON.stringify({
    id: told.id,
    type: told.type,
    timestamp: told.createdAt.toISOString(),
    account: told.account,
    data: told.payload,
  });
  const signatures = secretsOf(webhook, now).map((sealed) => {
    const signer = new Signer(unseal(keyring, secretPlace(webhook.id), sealed).reveal());
    return signer.sign(told.id, now, body);
  });
  return {
    headers: {
      ...common,
      "webhook-id": told.id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": signatures.join(" "),
    },
    body,
  };
}

function secretsOf({ secret, formerSecret, formerUntil }: Webhook, now: Date): Uint8Array[] {
  const overlaps = formerSecret !== null && formerUntil !== null && now < formerUntil;
  return overlaps ? [secret, formerSecret] : [secret];
}

/** Slack reads &, < and > as markup; without it, no event can mention everybody or disguise a link. */
function slackText(told: KeptEvent): string {
  return sentenceOf(told).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
