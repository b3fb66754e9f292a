import { decodeBase62, isBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";
import {
  BODY_LENGTH,
  CHECKSUM_LENGTH,
  isLowerAlnum,
  KEYED_TAG_LENGTH,
  MAX_KEY_LENGTH,
  MAX_PREFIX,
  MAX_TAG,
  MIN_KEY_LENGTH,
  MIN_PREFIX,
  MIN_TAG,
} from "./layout.ts";

/** A string that has the form of a key and a right checksum. That makes it no genuine key: see `hasGenuineTag`. */
export interface ParsedKey {
  readonly ok: true;
  readonly prefix: string;
  readonly tag: string;
  readonly random: string;
  readonly keyedTag: string;
  readonly checksum: string;
}

export interface ParseKeyFailure {
  readonly ok: false;
  readonly reason: "shape" | "length" | "checksum";
}

const FAILURES: Readonly<Record<ParseKeyFailure["reason"], ParseKeyFailure>> = Object.freeze({
  shape: Object.freeze({ ok: false, reason: "shape" }),
  length: Object.freeze({ ok: false, reason: "length" }),
  checksum: Object.freeze({ ok: false, reason: "checksum" }),
});

/**
 * Takes a key apart and checks its checksum, which anybody can do offline. Never throws; refuses by length before it
 * looks at anything else, so that a long string costs nothing.
 */
export function parseKey(text: string): ParsedKey | ParseKeyFailure {
  const prefixEnd = checkKeyText(text);
  if (typeof prefixEnd !== "number") return FAILURES[prefixEnd];
  const body = text.length - BODY_LENGTH;
  const checksum = text.length - CHECKSUM_LENGTH;
  const keyedTag = checksum - KEYED_TAG_LENGTH;
  return {
    ok: true,
    prefix: text.slice(0, prefixEnd),
    tag: text.slice(prefixEnd + 1, body - 1),
    random: text.slice(body, keyedTag),
    keyedTag: text.slice(keyedTag, checksum),
    checksum: text.slice(checksum),
  };
}

/** The length of the prefix of a well-formed key with a right checksum, or what is wrong. Allocates nothing. */
export function checkKeyText(text: string): number | ParseKeyFailure["reason"] {
  if (typeof text !== "string") return "shape";
  const length = text.length;
  if (length < MIN_KEY_LENGTH || length > MAX_KEY_LENGTH) return "length";
  const body = length - BODY_LENGTH;
  const tagEnd = body - 1;
  if (text.charCodeAt(tagEnd) !== 0x5f) return "shape";
  let prefixEnd = tagEnd - MIN_TAG - 1;
  while (prefixEnd > tagEnd - MAX_TAG - 1 && text.charCodeAt(prefixEnd) !== 0x5f) prefixEnd--;
  if (text.charCodeAt(prefixEnd) !== 0x5f || prefixEnd < MIN_PREFIX || prefixEnd > MAX_PREFIX) return "shape";
  if (!isLowerAlnum(text, 0, prefixEnd) || !isLowerAlnum(text, prefixEnd + 1, tagEnd)) return "shape";
  if (!isBase62(text, body, length)) return "shape";
  const checksum = length - CHECKSUM_LENGTH;
  return crc32(text, checksum) === decodeBase62(text, checksum, length) ? prefixEnd : "checksum";
}

/** How many characters at the end of a key are shown in lists. */
const SHOWN = 4;

/**
 * How a key is shown in lists: `acme_live_…a1b2` for this platform's format, whose last characters belong to the
 * checksum and so tell little of the secret; `…a1b2` for any other, and there never more than a quarter of it.
 * Characters that are not printable ASCII are shown as `?`.
 */
export function previewKey(text: string): string {
  const parsed = parseKey(text);
  if (parsed.ok) return `${parsed.prefix}_${parsed.tag}_…${parsed.checksum.slice(-SHOWN)}`;
  const shown = Math.min(SHOWN, Math.floor(text.length / 4));
  return `…${text.slice(text.length - shown).replace(/[^\x21-\x7e]/g, "?")}`;
}
