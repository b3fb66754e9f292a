/** Length of a SHA-256 as text with one character for each byte. */
export const HASH_LENGTH = 32;

/** Four characters of such a text as one 32-bit word, the first in the lowest byte. */
export function wordAt(hash: string, at: number): number {
  return (
    hash.charCodeAt(at) |
    (hash.charCodeAt(at + 1) << 8) |
    (hash.charCodeAt(at + 2) << 16) |
    (hash.charCodeAt(at + 3) << 24)
  );
}

/** Whether all 256 bits are those in the row; the first two words have been read already. No early exit: it is faster. */
export function sameHash(words: Int32Array, at: number, hash: string, first: number, second: number): boolean {
  return (
    (((words[at] ?? 0) ^ first) |
      ((words[at + 1] ?? 0) ^ second) |
      ((words[at + 2] ?? 0) ^ wordAt(hash, 8)) |
      ((words[at + 3] ?? 0) ^ wordAt(hash, 12)) |
      ((words[at + 4] ?? 0) ^ wordAt(hash, 16)) |
      ((words[at + 5] ?? 0) ^ wordAt(hash, 20)) |
      ((words[at + 6] ?? 0) ^ wordAt(hash, 24)) |
      ((words[at + 7] ?? 0) ^ wordAt(hash, 28))) ===
    0
  );
}

/** Writes a hash, which `checkHash` has passed, into a row. */
export function writeHash(words: Int32Array, at: number, hash: string): void {
  for (let i = 0; i < 8; i++) words[at + i] = wordAt(hash, i * 4);
}

/** @throws TypeError if it is not 32 characters from U+0000 to U+00FF */
export function checkHash(hash: string): void {
  let seen = 0;
  for (let i = 0; i < hash.length; i++) seen |= hash.charCodeAt(i);
  if (hash.length !== HASH_LENGTH || seen > 0xff) {
    throw new TypeError("a hash is 32 characters, one for each byte of the SHA-256");
  }
}
