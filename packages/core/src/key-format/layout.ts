/**
 * The layout of a key, counted from its end because only the head varies:
 * `<prefix 2-12>_<tag 2-4>_<24 random><6 keyed tag><6 checksum>`.
 */
export const RANDOM_LENGTH = 24;
export const KEYED_TAG_LENGTH = 6;
export const CHECKSUM_LENGTH = 6;
export const BODY_LENGTH = RANDOM_LENGTH + KEYED_TAG_LENGTH + CHECKSUM_LENGTH;

export const MIN_PREFIX = 2;
export const MAX_PREFIX = 12;
export const MIN_TAG = 2;
export const MAX_TAG = 4;

/** Shortest key there can be. */
export const MIN_KEY_LENGTH = MIN_PREFIX + 1 + MIN_TAG + 1 + BODY_LENGTH;

/** No key is longer, so that hashing one takes a single SHA-256 block (64 bytes with padding and length). */
export const MAX_KEY_LENGTH = 55;

/** Regular expression source of any platform's keys, without anchors; it also runs on RE2. */
export const KEY_PATTERN = `[a-z0-9]{${MIN_PREFIX},${MAX_PREFIX}}_[a-z0-9]{${MIN_TAG},${MAX_TAG}}_[0-9A-Za-z]{${BODY_LENGTH}}`;

/** Whether every character from `start` up to `end` is in `[a-z0-9]`. */
export function isLowerAlnum(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39))) return false;
  }
  return true;
}

/** Says what is wrong with a platform prefix, or null. */
export function checkKeyPrefix(prefix: string): string | null {
  return inForm(prefix, MIN_PREFIX, MAX_PREFIX)
    ? null
    : `a prefix has ${MIN_PREFIX} to ${MAX_PREFIX} lower-case letters and digits`;
}

/** Says what is wrong with an environment's tag, or null. */
export function checkKeyTag(tag: string): string | null {
  return inForm(tag, MIN_TAG, MAX_TAG) ? null : `a tag has ${MIN_TAG} to ${MAX_TAG} lower-case letters and digits`;
}

function inForm(text: string, min: number, max: number): boolean {
  return typeof text === "string" && text.length >= min && text.length <= max && isLowerAlnum(text, 0, text.length);
}
