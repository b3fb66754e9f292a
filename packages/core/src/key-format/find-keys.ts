import { BODY_LENGTH, isLowerAlnum, MAX_PREFIX, MAX_TAG, MIN_PREFIX, MIN_TAG } from "./layout.ts";
import { checkKeyText, previewKey } from "./parse-key.ts";

/** What follows the prefix: there a key ends for certain, while other letters may stand before its prefix. */
const AFTER_PREFIX = new RegExp(`_[a-z0-9]{${MIN_TAG},${MAX_TAG}}_[0-9A-Za-z]{${BODY_LENGTH}}`, "g");

/** Whether a key of this format, of any platform and with a right checksum, stands anywhere in the text. */
export function containsKey(text: string): boolean {
  return nextKey(text, 0) !== null;
}

/** The text with each such key as lists show it: `acme_live_…a1b2`. */
export function withoutKeys(text: string): string {
  let cleaned = "";
  let from = 0;
  for (let found = nextKey(text, 0); found !== null; found = nextKey(text, from)) {
    cleaned += text.slice(from, found.start) + previewKey(text.slice(found.start, found.end));
    from = found.end;
  }
  return cleaned + text.slice(from);
}

function nextKey(text: string, from: number): { readonly start: number; readonly end: number } | null {
  for (const { index, 0: rest } of text.slice(from).matchAll(AFTER_PREFIX)) {
    const prefixEnd = from + index;
    const end = prefixEnd + rest.length;
    for (let start = prefixEnd - MIN_PREFIX; start >= Math.max(from, prefixEnd - MAX_PREFIX); start -= 1) {
      if (!isLowerAlnum(text, start, prefixEnd)) break;
      if (typeof checkKeyText(text.slice(start, end)) === "number") return { start, end };
    }
  }
  return null;
}
