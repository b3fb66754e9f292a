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

const SHAPE: ParseKeyFailure = Object.freeze({ ok: false, reason: "shape" });
const LENGTH: ParseKeyFailure = Object.freeze({ ok: false, reason: "length" });
const CHECKSUM: ParseKeyFailure = Object.freeze({ ok: false, reason: "checksum" });

/**
 * Takes a key apart and checks its checksum, which anybody can do offline. Never throws; refuses by length before it
 * looks at anything else, so that a long string costs nothing.
 */
export function parseKey(text: string): ParsedKey | ParseKeyFailure {
  if (typeof text !== "string") return SHAPE;
  const length = text.length;
  if (length < MIN_KEY_LENGTH || length > MAX_KEY_LENGTH) return LENGTH;
  const body = length - BODY_LENGTH;
  const tagEnd = body - 1;
  if (text.charCodeAt(tagEnd) !== 0x5f) return SHAPE;
  const prefixEnd = text.lastIndexOf("_", tagEnd - 1);
  const tagLength = tagEnd - prefixEnd - 1;
  if (prefixEnd < MIN_PREFIX || prefixEnd > MAX_PREFIX || tagLength < MIN_TAG || tagLength > MAX_TAG) return SHAPE;
  if (!isLowerAlnum(text, 0, prefixEnd) || !isLowerAlnum(text, prefixEnd + 1, tagEnd)) return SHAPE;
  if (!isBase62(text, body, length)) return SHAPE;
  const checksum = length - CHECKSUM_LENGTH;
  if (crc32(text, checksum) !== decodeBase62(text, checksum, length)) return CHECKSUM;
  const keyedTag = checksum - KEYED_TAG_LENGTH;
  return {
    ok: true,
    prefix: text.slice(0, prefixEnd),
    tag: text.slice(prefixEnd + 1, tagEnd),
    random: text.slice(body, keyedTag),
    keyedTag: text.slice(keyedTag, checksum),
    checksum: text.slice(checksum),
  };
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
