import { Secret } from "@claviger/core";
import { type Keyring, unseal } from "../../db/index.ts";

/**
 * States: active → disabled (it answered 410, nothing was accepted for two days, or somebody asked) → active (put again).
 * Where it is disabled nothing is posted, and what waited for it has failed.
 */
export interface Webhook {
  readonly id: string;
  /** Whose events it is told; null for those of the whole platform. It stays so. */
  readonly account: string | null;
  /** As it is shown, without what may be a secret of its own. */
  readonly url: string;
  /** The whole address where that is more than what is shown. */
  readonly sealedUrl: Uint8Array | null;
  readonly format: "standard" | "slack";
  readonly description: string | null;
  /** Types of events, or `*` alone. */
  readonly events: readonly string[];
  readonly secret: Uint8Array;
  /** Signs as well until `formerUntil`. */
  readonly formerSecret: Uint8Array | null;
  readonly formerUntil: Date | null;
  readonly status: "active" | "disabled";
  readonly disabledReason: DisabledReason | null;
  readonly disabledAt: Date | null;
  /** The first failure since something was accepted. */
  readonly failingSince: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type DisabledReason = "gone" | "failing" | "asked";

/** How many there may be of the platform, and of one account. */
export const MOST_WEBHOOKS = { platform: 100, account: 20 } as const;

export const secretPlace = (id: string): string => `webhook:${id}:secret`;
export const urlPlace = (id: string): string => `webhook:${id}:url`;

/** Where it is posted to. Throws DatabaseError SEAL_BROKEN. */
export function targetOf(keyring: Keyring, { id, url, sealedUrl }: Webhook): Secret {
  return sealedUrl === null ? new Secret(url) : unseal(keyring, urlPlace(id), sealedUrl);
}

/** What may be seen of an address: that of a Slack webhook is its secret, and so may be what stands after a question mark. */
export function shownUrl(url: URL, format: Webhook["format"]): string {
  if (format === "slack") return `${url.origin}/…`;
  return url.search === "" ? `${url.origin}${url.pathname}` : `${url.origin}${url.pathname}?…`;
}

export function wants({ account, events }: Webhook, event: { readonly type: string; readonly account: string | null }) {
  return (account === null || account === event.account) && (events[0] === "*" || events.includes(event.type));
}

/** What an audit event shows of it. */
export function auditedWebhook({ url, format, description, events, status, disabledReason }: Webhook) {
  return { url, format, description, events, status, disabledReason };
}
