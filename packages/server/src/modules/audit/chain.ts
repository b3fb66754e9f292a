import { timingSafeEqual } from "node:crypto";
import { hmacSha256 } from "../../kernel/hmac.ts";

/** Bytes of a hash of the chain. */
const HASH_BYTES = 32;
/** What the first event is chained to. */
export const FIRST_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** HMAC-SHA-256(key, previous hash ‖ number as 8 bytes, most significant first ‖ payload as UTF-8). */
export function chainHash(key: Uint8Array, previous: Uint8Array, seq: number, payload: string): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  return hmacSha256(key).update(previous).update(number).update(payload, "utf8").digest();
}

export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
