import { BASE62, encodeBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";
import { type HashFn, type HashTextFn, keyedTagOf } from "./keyed-tag.ts";
import { CHECKSUM_LENGTH, checkKeyPrefix, checkKeyTag, RANDOM_LENGTH } from "./layout.ts";

export interface MakeKeyInput {
  /** The platform's prefix, 2-12 of `[a-z0-9]`. */
  readonly prefix: string;
  /** The environment's tag, 2-4 of `[a-z0-9]`. */
  readonly tag: string;
  /** Key of the keyed tag, at least 16 bytes. */
  readonly tagKey: Uint8Array;
  /** Bytes of a cryptographic random generator. */
  readonly randomBytes: (n: number) => Uint8Array;
  readonly sha256: HashFn | HashTextFn;
}

/** The largest multiple of 62 in a byte: bytes from here on are thrown away, or the first digits would be likelier. */
const ACCEPT_BELOW = 248;

/** Bytes asked for at once: all 24 digits come out of them in more than 99 of 100 cases. */
const DRAW = 28;

/** A sound generator never needs so many; a stuck one must not loop for ever. */
const MAX_ROUNDS = 100;

/**
 * Makes a key: `<prefix>_<tag>_<24 random><6 keyed tag><6 checksum>` with 142 random bits.
 *
 * @throws TypeError on a wrong prefix, tag or tag key, and on a random source that gives too few bytes or only ever
 *   the same ones; a weaker key is never made instead.
 */
export function makeKey(input: MakeKeyInput): string {
  const wrong = checkKeyPrefix(input.prefix) ?? checkKeyTag(input.tag);
  if (wrong !== null) throw new TypeError(wrong);
  const body = `${input.prefix}_${input.tag}_${randomDigits(RANDOM_LENGTH, input.randomBytes)}`;
  const tagged = body + keyedTagOf(body, input.tagKey, input.sha256);
  return tagged + encodeBase62(crc32(tagged), CHECKSUM_LENGTH);
}

function randomDigits(count: number, randomBytes: (n: number) => Uint8Array): string {
  let digits = "";
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bytes = randomBytes(DRAW);
    if (bytes.length !== DRAW) throw new TypeError("the random source gave another number of bytes than asked for");
    for (const byte of bytes) {
      if (byte >= ACCEPT_BELOW) continue;
      digits += BASE62.charAt(byte % 62);
      if (digits.length === count) return digits;
    }
  }
  throw new TypeError("the random source is broken");
}
