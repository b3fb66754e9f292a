/** A text as it is recorded, with a number made from it. */
export interface RecordedText {
  readonly raw: string | undefined;
  readonly text: string | null;
  readonly hash: number;
  /** Whether it is the user agent of a browser. */
  readonly browser: boolean;
}

export type TextsOf = (raw: string | undefined) => RecordedText;

const NOTHING: RecordedText = Object.freeze({ raw: undefined, text: null, hash: 0, browser: false });
/** A longer text is looked at anew each time, so that what callers send takes little memory. */
const LONGEST_KEPT = 512;

/**
 * Remembers what texts are recorded as, the last one at each of so many places: callers send the same ones again and again.
 *
 * @param places a power of two
 */
export function createRecordedTexts(record: (raw: string) => string | null, places: number, seed: number): TextsOf {
  const kept = new Array<RecordedText>(places).fill(NOTHING);
  return (raw) => {
    // What is no text tells nothing; a program without types may pass null.
    if (typeof raw !== "string") return NOTHING;
    const place = sketchOf(raw) & (places - 1);
    const known = kept[place];
    if (known !== undefined && known.raw === raw) return known;
    const text = record(raw);
    const made = { raw, text, hash: hashOf(text, seed), browser: text !== null && isBrowser(text) };
    if (raw.length <= LONGEST_KEPT) kept[place] = made;
    return made;
  };
}

/** Tells most texts apart by their length and four characters. */
function sketchOf(text: string): number {
  const { length } = text;
  const middle = length >> 1;
  const last = (text.charCodeAt(length - 1) * 31 + text.charCodeAt(length - 2)) * 31 + text.charCodeAt(length - 3);
  return (last * 31 + text.charCodeAt(middle)) * 31 + length;
}

function hashOf(text: string | null, seed: number): number {
  if (text === null) return 0;
  let hash = seed ^ text.length;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}

/** Browsers and what is built on their engines; programs that only pretend to be compatible name no engine. */
function isBrowser(agent: string): boolean {
  return agent.startsWith("Mozilla/5.0 (") && agent.includes("Gecko") && !agent.includes("compatible;");
}
