import { ClavigerError, Secret } from "@claviger/core";
import { isUniqueViolation, PLATFORM, seal, type Tx, unseal } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { refusedUrl } from "../../kernel/outgoing/index.ts";
import { findAccount } from "../accounts/index.ts";
import type { NoticesPorts } from "./ports.ts";
import { countWebhooks, findWebhook, insertWebhook, updateWebhook } from "./queries/webhooks.ts";
import { auditedWebhook, MOST_WEBHOOKS, secretPlace, shownUrl, urlPlace, type Webhook } from "./webhook.ts";

export interface PutWebhookInput {
  readonly url: string;
  readonly events: readonly string[];
  /** Of an account, by any reference to it. Undefined: of the platform, or as it was. */
  readonly account?: string | null | undefined;
  readonly format: Webhook["format"];
  readonly description?: string | null | undefined;
  readonly enabled: boolean;
}

export interface PutWebhook {
  readonly webhook: Webhook;
  /** Where it was created. */
  readonly secret: Secret | null;
}

type Ports = Pick<NoticesPorts, "act" | "random" | "keyring" | "allowPrivate">;

/**
 * Creates a webhook, or replaces what is known of it; one that was disabled is active again unless it is not to be. Throws NOT_FOUND
 * for an unknown account, VALIDATION_FAILED for an address that may not be called, CONFLICT for another account or one too many.
 */
export async function putWebhook(
  ports: Ports,
  acting: Acting<PutWebhook>,
  id: string,
  input: PutWebhookInput,
): Promise<Done<PutWebhook>> {
  const url = checkedUrl(input.url, ports.allowPrivate);
  const attempt = () =>
    ports.act(acting, PLATFORM, async (unit) => {
      const account = await accountOf(unit.tx, input.account);
      const existing = await findWebhook(unit.tx, id, true);
      return existing === null
        ? create(ports, unit, id, account ?? null, url, input)
        : { webhook: await replace(ports, unit, existing, account, url, input), secret: null };
    });
  try {
    return await attempt();
  } catch (error) {
    if (isUniqueViolation(error)) return attempt();
    throw error;
  }
}

/** A name is looked up when it is called, so what it resolves to is not known yet. */
function checkedUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const message = url === null ? "must be a URL" : refusedUrl(url, allowPrivate);
  if (url === null || message !== null)
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "url", message: message ?? "must be a URL" }] });
  url.hash = "";
  return url;
}

/** Undefined where nothing was said. */
async function accountOf(tx: Tx, reference: string | null | undefined): Promise<string | null | undefined> {
  if (reference === undefined || reference === null) return reference;
  const account = await findAccount(tx, reference, "share");
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return account.id;
}

async function create(
  ports: Ports,
  unit: Unit,
  id: string,
  account: string | null,
  url: URL,
  input: PutWebhookInput,
): Promise<PutWebhook> {
  const most = account === null ? MOST_WEBHOOKS.platform : MOST_WEBHOOKS.account;
  if ((await countWebhooks(unit.tx, account)) >= most)
    throw new ClavigerError("CONFLICT", { publicDetail: `There are at most ${most} webhooks of one account.` });
  const secret = newSecret(ports);
  const webhook: Webhook = {
    ...{ id, account, failingSince: null, formerSecret: null, formerUntil: null },
    ...told(ports, unit.now, id, url, input),
    description: input.description ?? null,
    secret: seal(ports.keyring, ports.random, secretPlace(id), secret),
    createdAt: unit.now,
    updatedAt: unit.now,
  };
  await insertWebhook(unit.tx, webhook);
  const target = { type: "webhook", id };
  unit.audits({ action: "webhook.created", account, target, after: auditedWebhook(webhook) });
  return { webhook, secret };
}

async function replace(
  ports: Ports,
  unit: Unit,
  existing: Webhook,
  account: string | null | undefined,
  url: URL,
  input: PutWebhookInput,
): Promise<Webhook> {
  if (account !== undefined && account !== existing.account)
    throw new ClavigerError("CONFLICT", { publicDetail: "A webhook stays with its account; delete it to begin anew." });
  const active = { ...told(ports, unit.now, existing.id, url, input), failingSince: null };
  const after: Webhook = {
    ...existing,
    ...active,
    ...(existing.status === "disabled" && active.status === "disabled"
      ? { disabledReason: existing.disabledReason, disabledAt: existing.disabledAt }
      : {}),
    description: input.description === undefined ? existing.description : input.description,
    updatedAt: unit.now,
  };
  await updateWebhook(unit.tx, after);
  const moved = addressOf(ports, existing) !== url.href;
  const difference = changed(auditedWebhook(existing), auditedWebhook(after));
  unit.audits({
    action: "webhook.updated",
    account: existing.account,
    target: { type: "webhook", id: existing.id },
    before: difference?.before ?? {},
    // What is not shown of the address may have changed as well.
    after: { ...difference?.after, ...(moved ? { url: after.url } : {}) },
  });
  return after;
}

function addressOf({ keyring }: Ports, { id, url, sealedUrl }: Webhook): string {
  return sealedUrl === null ? url : unseal(keyring, urlPlace(id), sealedUrl).reveal();
}

function told({ keyring, random }: Ports, now: Date, id: string, url: URL, input: PutWebhookInput) {
  const shown = shownUrl(url, input.format);
  return {
    url: shown,
    sealedUrl: shown === url.href ? null : seal(keyring, random, urlPlace(id), new Secret(url.href)),
    format: input.format,
    events: input.events,
    ...(input.enabled
      ? ({ status: "active", disabledReason: null, disabledAt: null } as const)
      : ({ status: "disabled", disabledReason: "asked", disabledAt: now } as const)),
  };
}

const SECRET_BYTES = 32;

/** As Standard Webhooks writes secrets. */
export function newSecret({ random }: Pick<NoticesPorts, "random">): Secret {
  return new Secret(`whsec_${Buffer.from(random.bytes(SECRET_BYTES)).toString("base64")}`);
}
