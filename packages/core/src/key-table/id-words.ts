/**
 * Ids such as `key_01H…` as four 32-bit words, most significant first: the 26 characters of Crockford base32 after the
 * type hold 128 bits. Only the one canonical spelling is taken, so that words and text stand for each other exactly.
 */

export const KEY_TYPE = "key_";
export const ACCOUNT_TYPE = "acct_";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ID_LENGTH = 26;

const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 32; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Two characters for each 10 bits. */
const PAIRS = Array.from({ length: 1024 }, (_, n) => ALPHABET.charAt(n >>> 5) + ALPHABET.charAt(n & 31));

/** Writes the words of an id of this type to `out[at…at+3]`; false, and `out` unspecified, if it is none. */
export function packId(type: string, text: string, out: Int32Array, at: number): boolean {
  const start = type.length;
  if (text.length !== start + ID_LENGTH || !text.startsWith(type)) return false;
  for (let i = 0; i < 4; i++) out[at + i] = 0;
  for (let i = 0; i < ID_LENGTH; i++) {
    const value = VALUES[text.charCodeAt(start + i)] ?? -1;
    if (value < 0 || (i === 0 && value > 7)) return false;
    // The first character has 3 bits only, so character i starts at bit 5i - 2, counted from the highest.
    const bit = 5 * i - 2;
    const word = at + (bit >> 5);
    const room = 27 - (bit & 31);
    if (bit < 0) out[at] = value << 29;
    else if (room >= 0) out[word] = (out[word] ?? 0) | (value << room);
    else {
      out[word] = (out[word] ?? 0) | (value >>> -room);
      out[word + 1] = (out[word + 1] ?? 0) | (value << (32 + room));
    }
  }
  return true;
}

/** The id of this type that four words stand for. */
export function idOfWords(type: string, a: number, b: number, c: number, d: number): string {
  let text = type + ALPHABET.charAt(a >>> 29);
  text += pair(a >>> 19) + pair(a >>> 9);
  text += pair((a << 1) | (b >>> 31)) + pair(b >>> 21) + pair(b >>> 11) + pair(b >>> 1);
  text += pair((b << 9) | (c >>> 23)) + pair(c >>> 13) + pair(c >>> 3);
  return text + pair((c << 7) | (d >>> 25)) + pair(d >>> 15) + pair(d >>> 5) + ALPHABET.charAt(d & 31);
}

function pair(bits: number): string {
  return PAIRS[bits & 1023] ?? "";
}
