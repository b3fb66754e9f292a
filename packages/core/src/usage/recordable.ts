import { withoutKeys } from "../key-format/find-keys.ts";
import { MIN_KEY_LENGTH } from "../key-format/layout.ts";

/** So much of a text is looked at: however many keys are in it, what is cut off begins behind whatever is shown. */
const MOST_READ = 1_000;
const UNPRINTABLE = /[^\x20-\x7e]/g;

/**
 * A text that a caller sent, as it may be recorded: at most `most` characters (no more than 200) of printable ASCII, with each key
 * of this format shown as in lists, wherever somebody put one. Null for nothing.
 */
export function recordable(text: string, most: number): string | null {
  if (typeof text !== "string" || text === "") return null;
  const read = text.length > MOST_READ ? text.slice(0, MOST_READ) : text;
  // Each key has underscores. A text without any, which is nearly each, costs no search.
  const clean = read.length >= MIN_KEY_LENGTH && read.includes("_") ? withoutKeys(read) : read;
  const shown = UNPRINTABLE.test(clean) ? clean.replace(UNPRINTABLE, "?") : clean;
  UNPRINTABLE.lastIndex = 0;
  return shown.length > most ? apart(shown.slice(0, most)) : shown;
}

/** A piece of a long text keeps all of it in memory; this is a text of its own. */
function apart(piece: string): string {
  return piece.split("").join("");
}
