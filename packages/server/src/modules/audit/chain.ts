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

/** Stands for the text of an event that was erased: HMAC-SHA-256(key, "erased" ‖ number ‖ the event's own hash ‖ what is left as UTF-8). */
export function erasedTag(key: Uint8Array, seq: number, hash: Uint8Array, left: string): Uint8Array {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  return hmacSha256(key).update("erased").update(number).update(hash).update(left, "utf8").digest();
}

/**
 * Whether an event continues the chain. Of one that was erased the text that its hash was made of is gone: its hash is vouched for by a tag
 * that only who holds the key can make, and what comes after is chained to it as before.
 */
export function continuesChain(
  key: Uint8Array,
  previous: Uint8Array,
  row: {
    readonly seq: number;
    readonly payload: string;
    readonly hash: Uint8Array;
    readonly erased: Uint8Array | null;
  },
): boolean {
  const { seq, payload, hash, erased } = row;
  if (erased !== null) return sameHash(erasedTag(key, seq, hash, payload), erased);
  return sameHash(chainHash(key, previous, seq, payload), hash);
}

export function sameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
