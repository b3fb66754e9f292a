/** Length of a SHA-256 as text with one character for each two bytes. */
export const HASH_LENGTH = 16;

/** Two characters of such a text as one 32-bit word, the first in the lower half. */
export function wordAt(hash: string, at: number): number {
  return hash.charCodeAt(at) | (hash.charCodeAt(at + 1) << 16);
}

/** Whether all 256 bits are those in the words; the first two words have been read already. No early exit: it is faster. */
export function sameHash(words: Int32Array, at: number, hash: string, first: number, second: number): boolean {
  let differs = ((words[at] ?? 0) ^ first) | ((words[at + 1] ?? 0) ^ second);
  for (let i = 2; i < 8; i++) {
    differs |= (words[at + i] ?? 0) ^ (hash.charCodeAt(i * 2) | (hash.charCodeAt(i * 2 + 1) << 16));
  }
  return differs === 0;
}

/** Writes a hash, which `checkHash` has passed, into a record. */
export function writeHash(words: Int32Array, at: number, hash: string): void {
  for (let i = 0; i < 8; i++) words[at + i] = wordAt(hash, i * 2);
}

/** @throws TypeError if it is not 16 characters */
export function checkHash(hash: string): void {
  if (typeof hash !== "string" || hash.length !== HASH_LENGTH) {
    throw new TypeError("a hash is 16 characters, one for each two bytes of the SHA-256");
  }
}
