import { USE_LIMITS } from "./use-batch.ts";

const ID = "{id}";
const REST = "{rest*}";
/** Segments of a template at most; what comes beyond is one `{rest*}`. */
const MOST_SEGMENTS = 12;
/** What comes after the path is looked at no further than this. */
const MOST_READ = 2_048;
const LONGEST_SEGMENT = 40;
const LONGEST_WORD = 24;
/** Words of one segment: a title has more. */
const MOST_WORDS = 4;
/** So long, and with a digit, what has hexadecimal digits alone is a number. */
const SHORTEST_HEX = 7;
const MOST_DIGITS = 2;
const MOST_CASE_CHANGES = 4;
/** Up to here anything of letters may be an abbreviation; what is longer has to read like a word. */
const SHORT_WORD = 8;
/** Consonants in a row. */
const MOST_CONSONANTS = 5;
/** A bit for each of a, e, i, o, u and y. */
const VOWELS = (1 << 0) | (1 << 4) | (1 << 8) | (1 << 14) | (1 << 20) | (1 << 24);
const VERSION = /^v[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}$/;

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const HASH = 0x23;
const DOT = 0x2e;

/**
 * The path of a request as a template: each segment that is no plain word (numbers, UUIDs, ULIDs, hexadecimal, long or mixed tokens,
 * titles, addresses, anything percent-encoded) becomes `{id}`. So it names an endpoint and nobody in particular, and never holds a
 * key; of random tokens of 16 letters and digits, one in a hundred reads like words. The query is left out. At most 200 characters; a template gives itself again. Pure, in time linear to at most 2 048 characters.
 *
 * @returns null for what is no path
 */
export function foldPath(target: string): string | null {
  if (target.charCodeAt(0) !== SLASH) return null;
  const end = pathEnd(target);
  let template = "";
  let count = 0;
  for (let start = 1; start < end; ) {
    let stop = target.indexOf("/", start);
    if (stop === -1 || stop > end) stop = end;
    if (stop > start) {
      count += 1;
      const segment = isPlain(target, start, stop) ? target.slice(start, stop) : ID;
      const isLast =
        count === MOST_SEGMENTS || template.length + segment.length + 2 + REST.length > USE_LIMITS.pathLength;
      if (isLast && stop + 1 < end) return `${template}/${REST}`;
      template += `/${segment}`;
    }
    start = stop + 1;
  }
  return template === "" ? "/" : template;
}

function pathEnd(target: string): number {
  const most = Math.min(target.length, MOST_READ);
  for (let at = 1; at < most; at += 1) {
    const code = target.charCodeAt(at);
    if (code === QUESTION_MARK || code === HASH) return at;
  }
  return most;
}

/** Whether a segment is made of few short words, as names of endpoints are. */
function isPlain(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_SEGMENT) return false;
  if (text.charCodeAt(start) === 0x7b) return isMark(text.slice(start, end));
  let words = 1;
  let wordStart = text.charCodeAt(start) === DOT ? start + 1 : start;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2d || code === DOT || code === 0x3a || code === 0x5f) {
      if (!isWord(text, wordStart, at)) return isVersion(text, start, end);
      words += 1;
      wordStart = at + 1;
    }
  }
  return words <= MOST_WORDS && (isWord(text, wordStart, end) || isVersion(text, start, end));
}

/** Whether letters (and a digit or two) read like a word or a few in camel case: random tokens seldom do, and the longer the less. */
function isWord(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0 || length > LONGEST_WORD) return false;
  let digits = 0;
  let capitals = 0;
  let changes = 0;
  let consonants = 0;
  let mostConsonants = 0;
  let digitsWithin = false;
  let lower = false;
  let hex = true;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      continue;
    }
    const letter = (code | 0x20) - 0x61;
    if (letter < 0 || letter > 25) return false;
    if (digits > 0) digitsWithin = true;
    if (letter > 5) hex = false;
    const isLower = code >= 0x61;
    if (!isLower) {
      capitals += 1;
      if (lower) changes += 1;
    }
    lower = isLower;
    consonants = (VOWELS >> letter) & 1 ? 0 : consonants + 1;
    if (consonants > mostConsonants) mostConsonants = consonants;
  }
  const letters = length - digits;
  if (letters === 0 || digits > MOST_DIGITS || changes > MOST_CASE_CHANGES) return false;
  if (hex && digits > 0 && length >= SHORTEST_HEX) return false;
  if (length <= SHORT_WORD) return true;
  return !digitsWithin && mostConsonants <= MOST_CONSONANTS && (changes === 0 || capitals * 5 <= letters * 2);
}

function isVersion(text: string, start: number, end: number): boolean {
  return text.charCodeAt(start) === 0x76 && VERSION.test(text.slice(start, end));
}

function isMark(segment: string): boolean {
  return segment === ID || segment === REST;
}
