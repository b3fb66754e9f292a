import { isObject } from "../input/json-value.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal obeys them, so they are not passed on
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A value on one line, safe for a terminal; `-` where there is none. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "-";
  if (Array.isArray(value)) return value.length === 0 ? "-" : value.map(itemOf).join(", ");
  return clean(typeof value === "object" ? pairsOf(value) : String(value));
}

function itemOf(value: unknown): string {
  if (!isObject(value)) return cellOf(value);
  return clean(shortOf(value) ?? `(${pairsOf(value)})`);
}

/** Endpoints and plain limits as they can be typed. */
function shortOf(value: Record<string, unknown>): string | null {
  const names = Object.keys(value).sort().join(" ");
  if (names === "method path") return `${String(value.method)} ${String(value.path)}`;
  return names === "amount name per" ? `${String(value.name)}=${String(value.amount)}/${String(value.per)}` : null;
}

/** `{"a":1}` as `a=1`; deeper objects as JSON. */
function pairsOf(value: object): string {
  const entries = Object.entries(value);
  if (entries.length === 0) return "-";
  return entries
    .map(([name, inner]) => `${name}=${typeof inner === "string" ? inner : JSON.stringify(inner)}`)
    .join(" ");
}

export function clean(text: string): string {
  return text.replace(CONTROL, "\u00b7");
}

/** The value at a path such as `actor.id`. */
export function fieldAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}
