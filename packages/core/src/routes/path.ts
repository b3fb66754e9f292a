/**
 * The path of a request, read so that no two programs can read it differently.
 *
 * A verifier decides on one reading of a path and the API behind it acts on another: that is how route checks are
 * walked around. So every path that proxies and frameworks are known to disagree about is refused as ambiguous instead
 * of being normalised: encoded slashes and backslashes, dot segments, empty segments, matrix parameters (`;`), a `#`, which
 * some take for the end of the path and some for a part of it, control characters, invalid or doubled percent encoding,
 * and anything that is not ASCII and should have been encoded.
 */

/** Longer paths are ambiguous: servers cut them off or refuse them. */
export const MAX_PATH_LENGTH = 2048;

/**
 * Splits the path of a request target into its segments, each percent-decoded once. The query is dropped; a trailing
 * slash counts for nothing; `/` has no segments.
 *
 * @returns null if the path is ambiguous; never throws, takes anything
 */
export function splitPath(target: unknown): string[] | null {
  if (typeof target !== "string" || target.charCodeAt(0) !== SLASH) return null;
  const segments: string[] = [];
  let start = 1;
  let end = 1;
  let encoded = false;
  for (; end < target.length; end++) {
    const code = target.charCodeAt(end);
    if (code === SLASH) {
      // An empty segment; one at the very end is a trailing slash instead, which is none.
      if (end === start) return null;
      segments.push(target.slice(start, end));
      start = end + 1;
    } else if (code === QUESTION_MARK) break;
    else if (code <= 0x20 || code >= 0x7f || code === BACKSLASH || code === SEMICOLON || code === HASH) return null;
    else if (code === PERCENT) encoded = true;
    if (end >= MAX_PATH_LENGTH) return null;
  }
  if (end > start) segments.push(target.slice(start, end));
  for (let i = 0; i < segments.length; i++) {
    const segment = encoded ? decodeSegment(segments[i] ?? "") : segments[i];
    if (segment === undefined || segment === null || segment === "." || segment === "..") return null;
    if (encoded) segments[i] = segment;
  }
  return segments;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const SEMICOLON = 0x3b;
const PERCENT = 0x25;

/** What must not appear by decoding. A second level of encoding is among it: some servers decode twice. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const AMBIGUOUS_WHEN_DECODED = /[\u0000-\u001f\u007f-\u009f/\\;]|%[0-9A-Fa-f]{2}/;

function decodeSegment(segment: string): string | null {
  if (!segment.includes("%")) return segment;
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    // Incomplete or not UTF-8, overlong forms included.
    return null;
  }
  return AMBIGUOUS_WHEN_DECODED.test(decoded) ? null : decoded;
}
