import { ClavigerError, Secret } from "@claviger/core";
import { seal } from "../../db/index.ts";
import type { Actor, Unit } from "../../kernel/act.ts";
import type { IssuedSecret, LinkWanted, PreparedLink, SecretLink } from "../keys/index.ts";
import { insertLink } from "./delivery.store.ts";
import { aboutLink, type Link, shapeLink } from "./link.ts";
import type { DeliveryPorts } from "./ports.ts";
import { keyOfToken, makeToken, placeOf, sealWith, tokenHash } from "./seal-for-token.ts";

type Making = Pick<DeliveryPorts, "ids" | "random" | "keyring" | "publicUrl">;

const MINUTE_MS = 60_000;
/** Of the page that opens links, below the address of the service. */
export const LINK_PAGE = "/links";

/**
 * Makes what is slow of a link, and answers with what puts a secret that was just made behind it, in the transaction that made the secret.
 * What opens it is in the answer and nowhere else: the token stands behind the `#` of the address, which browsers send to nobody.
 * Throws STATE_CONFLICT where the service does not know its address.
 */
export async function prepareLink(
  { ids, random, keyring, publicUrl }: Making,
  wanted: LinkWanted,
): Promise<PreparedLink> {
  const address = publicUrl();
  if (!/^https?:\/\//.test(address)) {
    throw new ClavigerError("STATE_CONFLICT", {
      publicDetail: "The service does not know its own address, which links need: set CLAVIGER_PUBLIC_URL.",
    });
  }
  const token = makeToken(random);
  const sealing = await keyOfToken(token, wanted.passphrase ?? null);
  return (unit, actor, issued) => {
    const link = describeLink(ids.make("link"), unit, actor, issued, wanted);
    const url = new Secret(`${address}${LINK_PAGE}#${token.text.reveal()}`);
    // Of the database, the link and the master key, two open nothing.
    const inner = sealWith(sealing, placeOf(link), issued.secret, random);
    return writeLink(unit, link, tokenHash(token), seal(keyring, random, placeOf(link), inner), url);
  };
}

function describeLink(
  id: string,
  { now }: Unit,
  actor: Actor,
  { key, version }: IssuedSecret,
  wanted: LinkWanted,
): Link {
  return {
    ...{ id, account: key.account, key: key.id, version, management: key.kind === "management", state: "open" },
    ...{ recipient: wanted.recipient ?? null, passphrase: wanted.passphrase !== undefined },
    ...{ allowedIps: wanted.allowedIps ?? [], createdBy: actor.id, createdAt: now },
    expiresAt: new Date(now.getTime() + wanted.expiresInMinutes * MINUTE_MS),
    ...{ endedAt: null, openedFrom: null, failures: 0 },
  };
}

async function writeLink(
  unit: Unit,
  link: Link,
  found: Uint8Array,
  sealed: Uint8Array,
  url: Secret,
): Promise<SecretLink> {
  await insertLink(unit.tx, link, found, sealed);
  const { key, version, recipient, passphrase, allowedIps } = link;
  unit.audits({
    action: "link.created",
    ...aboutLink(link),
    after: { key, version, recipient, passphrase, allowedIps, expiresAt: link.expiresAt.toISOString() },
  });
  return { shown: shapeLink(link, unit.now), url };
}
