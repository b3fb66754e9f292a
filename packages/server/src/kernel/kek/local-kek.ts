import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Random } from "../random.ts";
import type { Kek, KekPlace } from "./kek.ts";

const BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A key-encryption key that this process holds: 32 bytes from a setting or a file. Every data key is wrapped under a key of its own, made of
 * this one and 32 random bytes, so that no nonce comes twice under one key however many there are.
 */
export function createLocalKek(key: Uint8Array, random: Random): Kek {
  // Names the key and tells nothing of it.
  const id = `local:${Buffer.from(derive(key, "", "claviger kek name 1"))
    .toString("hex")
    .slice(0, 24)}`;
  return {
    name: id,
    opens: (kek) => kek === id,
    wrap: async (dataKey, place) => {
      const salt = random.bytes(BYTES);
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", derive(key, salt, "claviger kek wrap 1"), nonce);
      cipher.setAAD(placeText(place));
      const body = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      return { kek: id, bytes: Buffer.concat([salt, nonce, cipher.getAuthTag(), body]) };
    },
    unwrap: async ({ bytes }, place) => {
      const nonceAt = BYTES;
      const tagAt = nonceAt + NONCE_BYTES;
      const bodyAt = tagAt + TAG_BYTES;
      if (bytes.length !== bodyAt + BYTES) return null;
      const wrapping = derive(key, bytes.subarray(0, nonceAt), "claviger kek wrap 1");
      const decipher = createDecipheriv("aes-256-gcm", wrapping, bytes.subarray(nonceAt, tagAt), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(placeText(place));
      decipher.setAuthTag(bytes.subarray(tagAt, bodyAt));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(bodyAt)), decipher.final()]);
      } catch {
        return null;
      }
    },
  };
}

function derive(key: Uint8Array, salt: Uint8Array | string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", key, salt, purpose, BYTES));
}

/** What is authenticated with a data key. Ids hold no colon. */
export function placeText({ account, key }: KekPlace): Buffer {
  return Buffer.from(`claviger data key 1:${account}:${key}`);
}
