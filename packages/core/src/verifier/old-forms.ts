/** Forms at most, and characters of each: nodes tell them to verifiers. */
export const OLD_FORMS = { most: 20, length: 160 } as const;

/** A beginning, and where it is followed by it, so many characters of a set: `sk_old_`, `acme-[0-9a-f]{32}`, `[A-Za-z0-9]{32-40}`. */
const FORM = /^([^\s,[\]{}]{0,64})(?:\[([0-9A-Za-z._~+/=-]{1,64})\]\{(\d{1,3})(?:-(\d{1,3}))?\})?$/;
const ASCII = /^[\x21-\x7e]+$/;
/** A beginning of fewer characters, without more, says nothing of a key. */
const LEAST_BEGINNING = 3;
const LEAST_COUNT = 8;
const MOST_COUNT = 512;

/**
 * A form of the keys of an older store, as an expression that takes time in proportion to the string and no more. Null for what is
 * none, or takes nearly everything.
 */
export function parseOldForm(text: string): RegExp | null {
  if (text.length > OLD_FORMS.length || !ASCII.test(text)) return null;
  const found = FORM.exec(text);
  if (found === null) return null;
  const [, beginning = "", set, least, most = least] = found;
  const literal = beginning.replace(/[\\^$.*+?()|/]/g, "\\$&");
  if (set === undefined) return beginning.length < LEAST_BEGINNING ? null : new RegExp(`^${literal}`);
  const [from, to] = [Number(least), Number(most)];
  if (from < LEAST_COUNT || to < from || to > MOST_COUNT) return null;
  try {
    return new RegExp(`^${literal}[${set.replaceAll("/", "\\/")}]{${from},${to}}$`);
  } catch {
    // A range from the later character to the earlier one.
    return null;
  }
}

/** Whether a string has one of these forms. What is no form matches nothing. */
export function oldForms(texts: readonly string[]): (secret: string) => boolean {
  const forms = texts.map(parseOldForm).filter((form) => form !== null);
  if (forms.length === 0) return () => false;
  return (secret) => forms.some((form) => form.test(secret));
}
