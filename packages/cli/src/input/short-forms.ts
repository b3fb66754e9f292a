import { usageFailure } from "../failure.ts";

interface ShortForm {
  readonly form: string;
  readonly pattern: RegExp;
  read(parts: readonly string[]): unknown;
}

/** How lists of objects can be typed without JSON, by the name of their field. */
const SHORT_FORMS: Readonly<Record<string, ShortForm>> = {
  limits: {
    form: "<name>=<amount>/<second|minute|hour|day|month|lifetime>",
    pattern: /^([^=]+)=(\d{1,13})\/([a-z]+)$/,
    read: ([name, amount, per]) => ({ name, amount: Number(amount), per }),
  },
  routes: {
    form: "'<METHOD> <path>'",
    pattern: /^([A-Za-z]+)\s+(\/\S*)$/,
    read: ([method, path]) => ({ method: method?.toUpperCase(), path }),
  },
};

/** What to write for one object of that field; JSON where there is no short form. */
export function formOf(field: string): string {
  return SHORT_FORMS[field]?.form ?? "<json>";
}

/** Reads one object in its short form. Throws `Failure` where the text has another form, or the field has none. */
export function shortForm(flag: string, field: string, text: string): unknown {
  const known = SHORT_FORMS[field];
  if (known === undefined) throw usageFailure(`${flag}: "${text}" must be a JSON object`);
  const match = known.pattern.exec(text.trim());
  if (match === null) throw usageFailure(`${flag}: "${text}" must be ${known.form}, or JSON`);
  return known.read(match.slice(1));
}
