import { createCipheriv, createDecipheriv } from "node:crypto";
import { ClavigerError, Secret } from "@claviger/core";
import type { Random } from "../kernel/random.ts";
import { DatabaseError } from "./errors.ts";
import type { Keyring } from "./keyring.ts";

const VERSION_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A secret that the service must be able to read again, as it is stored: version of the key ‖ nonce ‖ tag ‖ AES-256-GCM. `place` says
 * whose it is, and is authenticated: moved to another row it does not open. Throws UNAVAILABLE where the key that seals is not made
 * yet, see `openKeyring`.
 */
export function seal(keyring: Keyring, random: Random, place: string, secret: Secret): Uint8Array {
  if (keyring.newest("seal") === 0)
    throw new ClavigerError("UNAVAILABLE", {
      publicDetail: "Secrets can be sealed once the replacement of the master key is finished.",
    });
  const { version, key } = keyring.current("seal");
  const head = Buffer.alloc(VERSION_BYTES);
  head.writeUInt32BE(version);
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(`${version}:${place}`));
  const body = Buffer.concat([cipher.update(secret.reveal(), "utf8"), cipher.final()]);
  return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
}

/** Throws `DatabaseError` SEAL_BROKEN for what was altered, moved, or sealed by a key that is not here. */
export function unseal(keyring: Keyring, place: string, sealed: Uint8Array): Secret {
  const bytes = Buffer.from(sealed);
  try {
    const version = bytes.readUInt32BE(0);
    const key = keyring.byVersion("seal", version);
    if (key === null) throw new TypeError("no such version");
    const tag = VERSION_BYTES + NONCE_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(VERSION_BYTES, tag), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(`${version}:${place}`));
    decipher.setAuthTag(bytes.subarray(tag, tag + TAG_BYTES));
    const body = bytes.subarray(tag + TAG_BYTES);
    return new Secret(Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8"));
  } catch {
    throw new DatabaseError("SEAL_BROKEN", `the sealed secret of ${place} does not open`);
  }
}
