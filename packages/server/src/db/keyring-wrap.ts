import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Random } from "../kernel/random.ts";

export type Purpose = "pepper" | "tag" | "audit" | "seal";

export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function wrappingKey(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", masterKey, "", "claviger keyring 1", KEY_BYTES));
}

/** AES-256-GCM as nonce ‖ tag ‖ ciphertext; purpose and version are authenticated, so that a row moved elsewhere does not open. */
export function wrap(
  masterKey: Uint8Array,
  purpose: Purpose,
  version: number,
  key: Uint8Array,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey(masterKey), nonce);
  cipher.setAAD(Buffer.from(`${purpose}:${version}`));
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** `null` when the master key is another one or the row was altered. */
export function unwrap(
  masterKey: Uint8Array,
  purpose: Purpose,
  version: number,
  wrapped: Uint8Array,
): Uint8Array | null {
  try {
    const nonce = wrapped.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", wrappingKey(masterKey), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(`${purpose}:${version}`));
    decipher.setAuthTag(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}
