/** The digits of base 62 in order of value: `0` is 0, `A` is 10, `a` is 36. */
export const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Value of each ASCII code as a base62 digit, so below 64; 255 where it is none. */
const NO_DIGIT = 255;
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < BASE62.length; value++) VALUES[BASE62.charCodeAt(value)] = value;

/**
 * Writes a non-negative integer in base 62, most significant digit first, padded on the left with `0` to `width`.
 *
 * @throws TypeError if `n` is negative, not a safe integer or does not fit: a number is never cut off silently.
 */
export function encodeBase62(n: bigint | number, width: number): string {
  if (typeof n === "bigint") return encodeBig(n, width);
  if (!Number.isSafeInteger(n) || n < 0) throw new TypeError("base62 takes non-negative safe integers");
  let rest = n;
  let text = "";
  for (let i = 0; i < width; i++) {
    text = BASE62.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  if (rest !== 0) throw new TypeError(`the number does not fit ${width} base62 digits`);
  return text;
}

function encodeBig(n: bigint, width: number): string {
  if (n < 0n) throw new TypeError("base62 takes non-negative safe integers");
  let rest = n;
  let text = "";
  for (let i = 0; i < width; i++) {
    text = BASE62.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  if (rest !== 0n) throw new TypeError(`the number does not fit ${width} base62 digits`);
  return text;
}

/** Whether every character from `start` up to `end` is a base62 digit. No early exit: nearly all that is asked is. */
export function isBase62(text: string, start: number, end: number): boolean {
  let seen = 0;
  // A code above 127 is outside the table and reads as undefined.
  for (let i = start; i < end; i++) seen |= VALUES[text.charCodeAt(i)] ?? NO_DIGIT;
  return seen < 64;
}

/**
 * The number that up to eight base62 digits from `start` up to `end` stand for. Call `isBase62` first.
 */
export function decodeBase62(text: string, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i++) n = n * 62 + (VALUES[text.charCodeAt(i)] ?? 0);
  return n;
}
