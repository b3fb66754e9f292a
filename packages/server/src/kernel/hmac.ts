import { createHmac, createSecretKey, type Hmac, type KeyObject } from "node:crypto";

/** Making a key object costs four times as much as the HMAC itself, and the same few keys are used for everything. */
const prepared = new WeakMap<Uint8Array, KeyObject>();

/** Starts an HMAC-SHA-256. The bytes of `key` must not change afterwards. */
export function hmacSha256(key: Uint8Array): Hmac {
  const known = prepared.get(key) ?? createSecretKey(key);
  prepared.set(key, known);
  return createHmac("sha256", known);
}
