import { decodeBase62, encodeBase62 } from "./base62.ts";
import { CHECKSUM_LENGTH, KEYED_TAG_LENGTH } from "./layout.ts";
import { checkKeyText, type ParsedKey } from "./parse-key.ts";

/** SHA-256 of bytes as 32 raw bytes. It must not keep the array it is given, which is used again. */
export type HashFn = (data: Uint8Array) => Uint8Array;

/**
 * The same with the digest as 32 characters from U+0000 to U+00FF, one for each byte: in Node
 * `crypto.hash("sha256", data, "binary")`, which takes a third of the time of the form that makes a Buffer.
 */
export type HashTextFn = (data: Uint8Array) => string;

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
export function keyedTagOf(body: string, tagKey: Uint8Array, sha256: HashFn | HashTextFn): string {
  return encodeBase62(tagNumber(body, body.length, tagKey, sha256), KEYED_TAG_LENGTH);
}

/**
 * Whether one of `tagKeys` made the keyed tag of `text`, which `parseKey` has accepted as `parsed`. Every key is tried,
 * and the comparison is one subtraction of whole tags, so that the time tells nothing about the tag.
 */
export function hasGenuineTag(
  text: string,
  parsed: ParsedKey,
  tagKeys: readonly Uint8Array[],
  sha256: HashFn | HashTextFn,
): boolean {
  return parsed.ok && isTagged(text, tagKeys, sha256);
}

/**
 * What a string is that no verifier knows, in one pass and without allocating (C5):
 * - `malformed`: no key of this format, or mistyped;
 * - `forged`: well-formed, but no `tagKeys` made it: refuse without asking anybody;
 * - `genuine`: made by this platform, so it is worth a look-up.
 */
export function assessKey(
  text: string,
  tagKeys: readonly Uint8Array[],
  sha256: HashFn | HashTextFn,
): "malformed" | "forged" | "genuine" {
  if (typeof checkKeyText(text) !== "number") return "malformed";
  return isTagged(text, tagKeys, sha256) ? "genuine" : "forged";
}

function isTagged(text: string, tagKeys: readonly Uint8Array[], sha256: HashFn | HashTextFn): boolean {
  const checksum = text.length - CHECKSUM_LENGTH;
  const tag = checksum - KEYED_TAG_LENGTH;
  const presented = decodeBase62(text, tag, checksum);
  let genuine = 0;
  for (const tagKey of tagKeys) {
    // Both are exact integers below 2^36, so the difference is exact, and zero only if they are equal.
    const difference = tagNumber(text, tag, tagKey, sha256) - presented;
    genuine |= difference === 0 ? 1 : 0;
  }
  return genuine === 1;
}

/** The tag of the first `length` characters of an ASCII text, as a number below 62^6. */
function tagNumber(text: string, length: number, tagKey: Uint8Array, sha256: HashFn | HashTextFn): number {
  if (tagKey.length < MIN_TAG_KEY_BYTES) throw new TypeError(`a tag key has at least ${MIN_TAG_KEY_BYTES} bytes`);
  const input = inputOf(tagKey, length);
  const at = tagKey.length;
  for (let i = 0; i < length; i++) input[at + i] = text.charCodeAt(i);
  const digest = sha256(input);
  if (digest.length !== 32) throw new TypeError("the hash function does not give 32 bytes");
  // Reducing after every two bytes keeps the number below 62^6 × 65536 < 2^53: exact, and no BigInt is needed.
  let rest = 0;
  for (let i = 0; i < 8; i += 2) {
    rest = rest * 65536 + byteAt(digest, i) * 256 + byteAt(digest, i + 1);
    rest -= Math.floor(rest / MODULUS) * MODULUS;
  }
  return rest;
}

function byteAt(digest: Uint8Array | string, i: number): number {
  return typeof digest === "string" ? digest.charCodeAt(i) & 0xff : (digest[i] ?? 0);
}

/**
 * Arrays by the length of the text, used again by the next call: a forged key must not cost an allocation, nor the
 * copying of a tag key that is there already. What follows the tag key is written in full before it is hashed, and
 * hashing is synchronous.
 */
const inputs: { readonly tagKey: Uint8Array; readonly input: Uint8Array }[] = [];
const MAX_REUSED = 64;

function inputOf(tagKey: Uint8Array, length: number): Uint8Array {
  const kept = inputs[length];
  if (kept !== undefined && kept.tagKey === tagKey) return kept.input;
  const input = new Uint8Array(tagKey.length + length);
  input.set(tagKey);
  if (length <= MAX_REUSED) inputs[length] = { tagKey, input };
  return input;
}
