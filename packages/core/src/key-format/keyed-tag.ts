import { encodeBase62 } from "./base62.ts";
import { CHECKSUM_LENGTH, KEYED_TAG_LENGTH } from "./layout.ts";
import type { ParsedKey } from "./parse-key.ts";

/** SHA-256 of bytes as 32 raw bytes. */
export type HashFn = (data: Uint8Array) => Uint8Array;

/** Shorter tag keys could be searched for, given one key that they made. */
const MIN_TAG_KEY_BYTES = 16;

const MODULUS = 62 ** KEYED_TAG_LENGTH;

/**
 * The keyed tag of what precedes it in a key: six base62 digits of the first 64 bits of
 * SHA-256(tagKey ‖ body), modulo 62^6.
 *
 * It tells a verifier that a string was made by this platform without asking anybody. It is no authentication: whoever
 * passes it (one forged string in 62^6, about 5.7 × 10^10) has only earned a look-up.
 *
 * @param body ASCII: prefix, tag and random part with their underscores
 * @throws TypeError if `tagKey` is shorter than 16 bytes or `sha256` does not give 32 bytes
 */
export function keyedTagOf(body: string, tagKey: Uint8Array, sha256: HashFn): string {
  if (tagKey.length < MIN_TAG_KEY_BYTES) throw new TypeError(`a tag key has at least ${MIN_TAG_KEY_BYTES} bytes`);
  const input = new Uint8Array(tagKey.length + body.length);
  input.set(tagKey);
  for (let i = 0; i < body.length; i++) input[tagKey.length + i] = body.charCodeAt(i);
  const digest = sha256(input);
  if (digest.length !== 32) throw new TypeError("the hash function does not give 32 bytes");
  // Modulo after each byte keeps the number below 62^6 × 256 < 2^53, so that it is exact without BigInt.
  let rest = 0;
  for (let i = 0; i < 8; i++) rest = (rest * 256 + (digest[i] ?? 0)) % MODULUS;
  return encodeBase62(rest, KEYED_TAG_LENGTH);
}

/**
 * Whether one of `tagKeys` made the keyed tag of `text`, which `parseKey` has accepted as `parsed`. Every key is tried
 * and every digit compared, whatever the outcome, so that the time tells nothing about the tag.
 */
export function hasGenuineTag(
  text: string,
  parsed: ParsedKey,
  tagKeys: readonly Uint8Array[],
  sha256: HashFn,
): boolean {
  const body = text.slice(0, text.length - CHECKSUM_LENGTH - KEYED_TAG_LENGTH);
  let genuine = 0;
  for (const tagKey of tagKeys) {
    genuine |= differences(keyedTagOf(body, tagKey, sha256), parsed.keyedTag) === 0 ? 1 : 0;
  }
  return genuine === 1;
}

/** Zero if both are the same; takes the same time whichever digits differ. */
function differences(expected: string, presented: string): number {
  let diff = expected.length ^ presented.length;
  for (let i = 0; i < KEYED_TAG_LENGTH; i++) diff |= expected.charCodeAt(i) ^ presented.charCodeAt(i);
  return diff;
}
