import type { Secret } from "@claviger/core";
import type { Actor, Unit } from "../../kernel/act.ts";
import type { IssuedSecret, KeysPorts, LinkWanted, SecretLink } from "./ports.ts";

/** What puts a secret behind a link in the transaction that makes it, where one is asked for. Throws as `prepareLink` does. */
export async function linkFor(
  { prepareLink }: Pick<KeysPorts, "prepareLink">,
  wanted: LinkWanted | undefined,
): Promise<(unit: Unit, actor: Actor, issued: IssuedSecret) => Promise<SecretLink | null>> {
  if (wanted === undefined) return async () => null;
  if (prepareLink === undefined) throw new TypeError("nobody has said how links are made");
  return prepareLink(wanted);
}

interface Issued {
  readonly secret: Secret;
  readonly link?: SecretLink | null;
}

/** What is kept of an answer, for its replay: a link without what opens it. */
export function renderLink({ link }: Issued) {
  return { link: link == null ? null : { ...link.shown, url: null } };
}

/** What is added to it once, for whoever asked: the secret, or the link in its place. `value` null: a replay. */
export function tellSecret(body: unknown, value: Issued | null): object {
  const told = { ...(body as { readonly link: object | null }) };
  if (value === null) return { ...told, secret: null };
  if (value.link == null) return { ...told, secret: value.secret.reveal() };
  return { ...told, secret: null, link: { ...told.link, url: value.link.url.reveal() } };
}
