import { createCipheriv, createDecipheriv } from "node:crypto";
import { Secret } from "@claviger/core";
import type { Random } from "../../kernel/random.ts";

export const DATA_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Whose secret it is. */
interface SealedOf {
  readonly account: string;
  readonly key: string;
  readonly version: number;
}

/** nonce ‖ tag ‖ AES-256-GCM. A data key seals one secret, so no nonce comes twice under it. */
export function sealSecret(dataKey: Uint8Array, of: SealedOf, secret: Secret, random: Random): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", dataKey, nonce);
  cipher.setAAD(placeOf(of));
  const body = Buffer.concat([cipher.update(secret.reveal(), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Null for what was altered, or is of another account, key or version. */
export function openSecret(dataKey: Uint8Array, of: SealedOf, sealed: Uint8Array): Secret | null {
  const bodyAt = NONCE_BYTES + TAG_BYTES;
  try {
    const decipher = createDecipheriv("aes-256-gcm", dataKey, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(placeOf(of));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, bodyAt));
    return new Secret(Buffer.concat([decipher.update(sealed.subarray(bodyAt)), decipher.final()]).toString("utf8"));
  } catch {
    return null;
  }
}

/** Ids hold no colon. */
function placeOf({ account, key, version }: SealedOf): Buffer {
  return Buffer.from(`claviger recoverable secret 1:${account}:${key}:${version}`);
}
