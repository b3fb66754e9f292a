import { createCipheriv, createDecipheriv, hash, hkdfSync, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { Secret } from "@claviger/core";
import type { Random } from "../../kernel/random.ts";

const BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 32 MiB and some 60 ms, on a thread of the pool: what every guess at a passphrase costs whoever has the link and the row. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const stretch = promisify<string, Uint8Array, number, typeof COST, Buffer>(scrypt);

/** What stands in a link: 256 bits. */
export interface LinkToken {
  readonly text: Secret;
  readonly bytes: Uint8Array;
}

export function makeToken(random: Random): LinkToken {
  const bytes = random.bytes(BYTES);
  return { bytes, text: new Secret(Buffer.from(bytes).toString("base64url")) };
}

/** Null for what no link has: also for other spellings of the same bytes. */
export function readToken(text: string): LinkToken | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === BYTES && bytes.toString("base64url") === text ? { bytes, text: new Secret(text) } : null;
}

/** By what a link is found. Neither the token nor the key follows from it. */
export function tokenHash({ bytes }: LinkToken): Uint8Array {
  return hash("sha256", Buffer.concat([Buffer.from("claviger link 1\n"), bytes]), "buffer");
}

/** The key that the token stands for, with the passphrase where the link has one. 32 bytes. */
export async function keyOfToken({ bytes }: LinkToken, passphrase: string | null): Promise<Uint8Array> {
  if (passphrase === null) return derive(bytes, "claviger link key 1");
  const salt = derive(bytes, "claviger link salt 1");
  const stretched = await stretch(passphrase.normalize("NFKC"), salt, BYTES, COST);
  return derive(Buffer.concat([bytes, stretched]), "claviger link key and passphrase 1");
}

function derive(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", purpose, BYTES));
}

/** nonce ‖ tag ‖ AES-256-GCM, in base64. `place` says whose it is, and is authenticated: moved to another row it does not open. */
export function sealWith(key: Uint8Array, place: string, secret: Secret, random: Random): Secret {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(secret.reveal(), "utf8"), cipher.final()]);
  return new Secret(Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64"));
}

/** Null where the key is another one, which a wrong passphrase makes, or the row was altered. */
export function openWith(key: Uint8Array, place: string, text: Secret): Secret | null {
  const sealed = Buffer.from(text.reveal(), "base64");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = sealed.subarray(NONCE_BYTES + TAG_BYTES);
    return new Secret(Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8"));
  } catch {
    return null;
  }
}

/** What is authenticated of a link. */
export function placeOf(link: { readonly id: string; readonly account: string; key: string; version: number }): string {
  return `link:${link.id}:${link.account}:${link.key}:${link.version}`;
}
