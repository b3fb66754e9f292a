import { type ParsedMessage, WIRE_LIMITS } from "./wire.ts";

/** Where the first field that is wrong was found; shared by all readers of one message. */
interface Findings {
  first: string | null;
}

/**
 * Reads the fields of one object that came over the wire. A field that is wrong is noted, and something harmless stands in
 * for it, so that a message is written down as one expression; whoever reads looks at the findings once, at the end.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #findings: Findings;

  constructor(value: unknown, path: string, findings: Findings) {
    this.#path = path;
    this.#findings = findings;
    this.#values = isObject(value) ? value : {};
    if (!isObject(value)) this.#note(path);
  }

  /** A string of `min` to `max` UTF-16 units, of this form where one is given. */
  text(name: string, max: number, form?: RegExp, min = 0): string {
    const value = this.#values[name];
    if (isText(value, max, min) && (form === undefined || form.test(value))) return value;
    this.#note(this.#pathOf(name));
    return "";
  }

  textOrNull(name: string, max: number): string | null {
    return this.#values[name] === null ? null : this.text(name, max);
  }

  /** A whole number from `min` to `max`. */
  whole(name: string, max: number = Number.MAX_SAFE_INTEGER, min = 0): number {
    const value = this.#values[name];
    if (isWhole(value, min, max)) return value;
    this.#note(this.#pathOf(name));
    return min;
  }

  /** A number of milliseconds, which may have a fraction, from 0. */
  number(name: string): number {
    const value = this.#values[name];
    if (isSpan(value)) return value;
    this.#note(this.#pathOf(name));
    return 0;
  }

  wholeOrNull(name: string, max: number = Number.MAX_SAFE_INTEGER, min = 0): number | null {
    return this.#values[name] === null ? null : this.whole(name, max, min);
  }

  /** Milliseconds since the epoch. */
  time(name: string): number {
    return this.whole(name, LATEST, -LATEST);
  }

  timeOrNull(name: string): number | null {
    return this.#values[name] === null ? null : this.time(name);
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    if (typeof value !== "boolean") this.#note(this.#pathOf(name));
    return value === true;
  }

  oneOf<T extends string>(name: string, known: readonly [T, ...T[]]): T {
    const found = known.find((each) => each === this.#values[name]);
    if (found !== undefined) return found;
    this.#note(this.#pathOf(name));
    return known[0];
  }

  /** One of `known`, or `otherwise` for a short name that this software does not know. */
  oneOfOr<T extends string, O extends string>(name: string, known: readonly T[], otherwise: O): T | O {
    const value = this.text(name, 64, undefined, 1);
    return known.find((each) => each === value) ?? otherwise;
  }

  texts(name: string, maxCount: number, maxLength: number, form?: RegExp): readonly string[] {
    const list = this.#list(name, maxCount);
    const wrong = list.findIndex((value) => !isText(value, maxLength, 0) || form?.test(value) === false);
    if (wrong === -1) return list as readonly string[];
    this.#note(`${this.#pathOf(name)}[${wrong}]`);
    return [];
  }

  wholes(name: string, maxCount: number): readonly number[] {
    const list = this.#list(name, maxCount);
    const wrong = list.findIndex((value) => !isWhole(value, 0, Number.MAX_SAFE_INTEGER));
    if (wrong === -1) return list as readonly number[];
    this.#note(`${this.#pathOf(name)}[${wrong}]`);
    return [];
  }

  flags(name: string, maxCount: number): readonly boolean[] {
    const list = this.#list(name, maxCount);
    const wrong = list.findIndex((value) => typeof value !== "boolean");
    if (wrong === -1) return list as readonly boolean[];
    this.#note(`${this.#pathOf(name)}[${wrong}]`);
    return [];
  }

  /** Pairs of a number of milliseconds and a whole number. */
  pairs(name: string, maxCount: number): readonly (readonly [number, number])[] {
    const list = this.#list(name, maxCount);
    const wrong = list.findIndex((value) => !isPair(value));
    if (wrong === -1) return list as readonly (readonly [number, number])[];
    this.#note(`${this.#pathOf(name)}[${wrong}]`);
    return [];
  }

  objects<T>(name: string, maxCount: number, read: (fields: Fields) => T): readonly T[] {
    const path = this.#pathOf(name);
    return this.#list(name, maxCount).map((value, i) => read(new Fields(value, `${path}[${i}]`, this.#findings)));
  }

  object(name: string): Fields {
    return new Fields(this.#values[name], this.#pathOf(name), this.#findings);
  }

  /** Rows of numbers, each as `isRow` says. */
  rows(name: string, maxCount: number, isRow: (row: readonly unknown[]) => boolean): readonly (readonly number[])[] {
    const list = this.#list(name, maxCount);
    const wrong = list.findIndex((value) => !Array.isArray(value) || !isRow(value));
    if (wrong === -1) return list as readonly (readonly number[])[];
    this.#note(`${this.#pathOf(name)}[${wrong}]`);
    return [];
  }

  isAbsent(name: string): boolean {
    return this.#values[name] === undefined;
  }

  isNull(name: string): boolean {
    return this.#values[name] === null;
  }

  /** Anything JSON can hold, within the bounds of a body. */
  body(name: string): unknown {
    const value = this.#values[name];
    if (isBoundedBody(value)) return value;
    this.#note(this.#pathOf(name));
    return null;
  }

  bodyObject(name: string): Readonly<Record<string, unknown>> {
    const value = this.body(name);
    if (isObject(value)) return value;
    this.#note(this.#pathOf(name));
    return {};
  }

  #list(name: string, maxCount: number): readonly unknown[] {
    const value = this.#values[name];
    if (Array.isArray(value) && value.length <= maxCount) return value;
    this.#note(this.#pathOf(name));
    return [];
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #note(path: string): void {
    this.#findings.first ??= path;
  }
}

/** The largest time that a Date can hold. */
const LATEST = 8.64e15;

/** Reads a message by the reader of its kind. The error never quotes more of it than a short kind. */
export function parseByKind<T>(
  value: unknown,
  readers: Readonly<Record<string, (fields: Fields) => T>>,
): ParsedMessage<T> {
  if (!isObject(value)) return { ok: false, error: { code: "NOT_AN_OBJECT", kind: null, field: null } };
  const kind = typeof value.kind === "string" && /^[a-z-]{1,32}$/.test(value.kind) ? value.kind : null;
  const read = kind !== null && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (read === undefined) return { ok: false, error: { code: "UNKNOWN_KIND", kind, field: null } };
  const findings = { first: null };
  const message = read(new Fields(value, "", findings));
  if (findings.first === null) return { ok: true, message };
  return { ok: false, error: { code: "WRONG_FIELD", kind, field: findings.first } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, max: number, min: number): value is string {
  return typeof value === "string" && value.length <= max && value.length >= min;
}

export function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

export function isSpan(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= LATEST;
}

function isPair(value: unknown): boolean {
  const [span, units] = Array.isArray(value) && value.length === 2 ? (value as readonly unknown[]) : [];
  return isSpan(span) && isWhole(units, 0, Number.MAX_SAFE_INTEGER);
}

/** Whether a value is JSON within the bounds of a body. Walks without recursion, so that depth costs no stack. */
function isBoundedBody(value: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    seen += 1;
    if (seen + open.length > WIRE_LIMITS.bodyValues || next.depth > WIRE_LIMITS.bodyDepth) return false;
    if (typeof next.value === "object" && next.value !== null) {
      const { depth } = next;
      const inside = Object.values(next.value);
      if (inside.length > WIRE_LIMITS.bodyValues) return false;
      for (const each of inside) open.push({ value: each, depth: depth + 1 });
    } else if (next.value === undefined || typeof next.value === "function" || typeof next.value === "symbol") {
      return false;
    }
  }
  return true;
}
