import type { Secret } from "@claviger/core";
import type { Actor, Unit } from "../../kernel/act.ts";
import type { HandedOver, HandOverWanted, IssuedSecret, KeysPorts, SecretLink } from "./ports.ts";

type HandOver = (unit: Unit, actor: Actor, issued: IssuedSecret) => Promise<HandedOver>;

/**
 * What puts a secret behind a link, or on its way to a store, in the transaction that makes it, where that is asked for. Throws as
 * `prepareLink` does, and what it makes as `deliver` does.
 */
export async function handOverFor(
  { prepareLink, deliver }: Pick<KeysPorts, "prepareLink" | "deliver">,
  { link, deliverTo }: HandOverWanted,
): Promise<HandOver> {
  if (deliverTo !== undefined) {
    if (deliver === undefined) throw new TypeError("nobody has said how secrets are delivered");
    return async (unit, actor, issued) => ({ link: null, handOver: await deliver(unit, actor, issued, deliverTo) });
  }
  if (link === undefined) return async () => ({ link: null, handOver: null });
  if (prepareLink === undefined) throw new TypeError("nobody has said how links are made");
  const make = await prepareLink(link);
  return async (...issued) => ({ link: await make(...issued), handOver: null });
}

interface Issued {
  readonly secret: Secret;
  readonly link?: SecretLink | null;
  readonly handOver?: object | null;
}

/** What is kept of an answer, for its replay: a link without what opens it. */
export function renderHandOver({ link, handOver = null }: Issued) {
  return { link: link == null ? null : { ...link.shown, url: null }, handOver };
}

/** What is added to it once, for whoever asked: the secret, or the link in its place, or neither where a store has it. `value` null: a replay. */
export function tellSecret(body: unknown, value: Issued | null): object {
  const told = { ...(body as { readonly link: object | null }) };
  if (value === null || value.handOver != null) return { ...told, secret: null };
  if (value.link == null) return { ...told, secret: value.secret.reveal() };
  return { ...told, secret: null, link: { ...told.link, url: value.link.url.reveal() } };
}
