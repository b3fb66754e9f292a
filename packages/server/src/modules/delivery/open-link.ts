import { ClavigerError, compileCidrs, type Secret } from "@claviger/core";
import { type Keyring, PLATFORM, type Tx, unseal } from "../../db/index.ts";
import type { Acting, Unit } from "../../kernel/act.ts";
import { findKey, type Key, versionStatusOf, versionsOf } from "../keys/index.ts";
import { countFailure, endLink, findLinkByToken, type HeldLink, holdLink } from "./delivery.store.ts";
import { aboutLink, type Link, type LinkState, MOST_FAILURES, stateOf } from "./link.ts";
import type { DeliveryPorts } from "./ports.ts";
import { keyOfToken, openWith, placeOf, readToken, tokenHash } from "./seal-for-token.ts";

export interface OpenInput {
  readonly token: string;
  readonly passphrase?: string | undefined;
}

export interface OpenedLink {
  readonly link: Link;
  readonly key: Key;
  readonly secret: Secret;
}

type Why = "passphrase" | "address" | "ended";
/** What is committed before it is answered; a refusal is recorded as well. */
type Outcome = { readonly opened: OpenedLink } | { readonly refused: ClavigerError };

/**
 * open → opened, once: whoever comes second, at the same time or later, is told that it was opened. The secret is gone from the
 * database when this returns, and when the process ends before it is answered it is gone too: a link is opened at most once.
 *
 * Throws NOT_FOUND for a token that no link has, and TOO_MANY_ATTEMPTS for a source of many of them. Whoever has a genuine one is
 * told what is wrong: LINK_ENDED, IP_NOT_ALLOWED, PASSPHRASE_NEEDED for none or a wrong one.
 */
export async function openLink(
  ports: DeliveryPorts,
  acting: Acting<unknown>,
  { token: text, passphrase }: OpenInput,
): Promise<OpenedLink> {
  const { ip } = acting.source;
  const wait = ports.guesses.waitFor(ip);
  if (wait !== null) throw new ClavigerError("TOO_MANY_ATTEMPTS", { extra: { retryAfterMs: Math.ceil(wait) } });
  const token = readToken(text);
  const found =
    token === null ? null : await ports.database.transaction(PLATFORM, (tx) => findLinkByToken(tx, tokenHash(token)));
  if (token === null || found === null) {
    ports.guesses.failed(ip);
    throw new ClavigerError("NOT_FOUND");
  }
  if (found.state !== "open" && found.failures >= MOST_FAILURES) throw ended(found.state, found);
  if (found.state === "open" && found.passphrase && passphrase === undefined) throw passphraseNeeded();
  // Slow on purpose, so before anything is held. Only for who has the link.
  const opening = await stretched(() => keyOfToken(token, found.passphrase ? (passphrase ?? "") : null));
  const done = await ports.act<Outcome>({ ...acting, render: async () => null }, PLATFORM, async (unit) => {
    const link = await holdLink(unit.tx, found.id);
    if (link === null) throw new ClavigerError("NOT_FOUND");
    return claim(unit, ports.keyring, link, opening, ip);
  });
  const outcome = done.value;
  if (outcome === null) throw new TypeError("opening a link is never a replay");
  if ("refused" in outcome) throw outcome.refused;
  return outcome.opened;
}

/** Derivations under way in this process, each with 32 MiB of its own. */
let underWay = 0;
const MOST_UNDER_WAY = 4;
const SHORTLY_MS = 1_000;

/** Throws TOO_MANY_ATTEMPTS where there is no room now. */
async function stretched<T>(derive: () => Promise<T>): Promise<T> {
  if (underWay >= MOST_UNDER_WAY) throw new ClavigerError("TOO_MANY_ATTEMPTS", { extra: { retryAfterMs: SHORTLY_MS } });
  underWay += 1;
  try {
    return await derive();
  } finally {
    underWay -= 1;
  }
}

async function claim(
  unit: Unit,
  keyring: Keyring,
  link: HeldLink,
  opening: Uint8Array,
  ip: string | null,
): Promise<Outcome> {
  const state = stateOf(link, unit.now);
  if (state !== "open" || link.sealed === null) return fail(unit, link, "ended", ended(state, link));
  if (!mayComeFrom(link, ip)) return fail(unit, link, "address", new ClavigerError("IP_NOT_ALLOWED"));
  const secret = openWith(opening, placeOf(link), unseal(keyring, placeOf(link), link.sealed));
  if (secret === null) return fail(unit, link, "passphrase", passphraseNeeded("This is not the passphrase. "));
  const key = await livingKey(unit, link);
  if (key === null) return endVoid(unit, link);
  await endLink(unit.tx, link.id, "opened", unit.now, ip);
  unit.audits({
    action: "link.opened",
    ...aboutLink(link),
    before: { state: "open" },
    after: { state: "opened", key: link.key, version: link.version },
  });
  unit.emits({ type: "link.opened", account: link.account, payload: payloadOf(link) });
  return { opened: { link, key, secret } };
}

const payloadOf = ({ id, key, version }: Link) => ({ link: id, key, version });

function mayComeFrom({ allowedIps }: Link, ip: string | null): boolean {
  return allowedIps.length === 0 || (ip !== null && compileCidrs(allowedIps).contains(ip));
}

/** Null where the secret would be good for nothing any more. */
async function livingKey({ tx, now }: Unit, link: Link): Promise<Key | null> {
  const key = await findKey(tx, link.key);
  if (key === null || key.state === "revoked") return null;
  if (key.expiresAt !== null && key.expiresAt <= now) return null;
  return (await isOver(tx, key, link.version, now)) ? null : key;
}

async function isOver(tx: Tx, key: Key, number: number, now: Date): Promise<boolean> {
  const version = (await versionsOf(tx, [key.id])).find(({ version }) => version === number);
  return version === undefined || versionStatusOf(version, key, true, now.getTime()) === "ended";
}

/** An attempt of somebody who has the link. After some of them nothing more is recorded of a link, and an open one ends. */
async function fail(unit: Unit, link: Link, why: Why, refused: ClavigerError): Promise<Outcome> {
  if (link.failures >= MOST_FAILURES) throw refused;
  const failures = link.failures + 1;
  await countFailure(unit.tx, link.id);
  unit.audits({ action: "link.failed", ...aboutLink(link), after: { why, failures, key: link.key } });
  if (why !== "ended" && failures >= MOST_FAILURES) {
    await endLink(unit.tx, link.id, "locked", unit.now);
    unit.audits({
      action: "link.locked",
      ...aboutLink(link),
      before: { state: "open" },
      after: { state: "locked", key: link.key },
    });
    unit.emits({ type: "link.locked", account: link.account, payload: payloadOf(link) });
  }
  return { refused };
}

async function endVoid(unit: Unit, link: Link): Promise<Outcome> {
  await endLink(unit.tx, link.id, "void", unit.now);
  unit.audits({
    action: "link.failed",
    ...aboutLink(link),
    before: { state: "open" },
    after: { state: "void", why: "key", failures: link.failures, key: link.key },
  });
  return { refused: ended("void", link) };
}

const ENDS: Record<LinkState, string> = {
  open: "This link works no more.",
  opened: "This link was opened already, and works once.",
  expired: "The time of this link is over.",
  revoked: "This link was withdrawn by its sender's side.",
  locked: "This link ended after too many attempts that failed.",
  void: "The key that this link was for has ended.",
};

function ended(state: LinkState, link: Link): ClavigerError {
  const at = link.endedAt ?? (state === "expired" ? link.expiresAt : null);
  return new ClavigerError("LINK_ENDED", {
    publicDetail: ENDS[state],
    extra: { state, ...(at === null ? {} : { endedAt: at.toISOString() }) },
  });
}

function passphraseNeeded(first = ""): ClavigerError {
  return new ClavigerError("PASSPHRASE_NEEDED", {
    publicDetail: `${first}This link opens with the passphrase that its sender chose.`,
  });
}
