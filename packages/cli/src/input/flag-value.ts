import { usageFailure } from "../failure.ts";
import type { Flag } from "./flag.ts";
import { isObject, parseJsonFlag } from "./json-value.ts";
import { shortForm } from "./short-forms.ts";

/** What the command line holds of one flag: texts in order, true or false for switches, undefined where it is not there. */
export type Typed = readonly string[] | boolean | undefined;

/** The value that goes over the wire; undefined where the flag was not given. Throws `Failure` that names the flag. */
export function flagValue(flag: Flag, typed: Typed): unknown {
  if (typed === undefined) return undefined;
  if (typeof typed === "boolean") return !typed && flag.clearable ? null : typed;
  return CONVERT[flag.kind](flag, typed);
}

type Convert = (flag: Flag, texts: readonly string[]) => unknown;

const last = (texts: readonly string[]): string => texts.at(-1) ?? "";

const CONVERT: Readonly<Record<Flag["kind"], Convert>> = {
  text: (_, texts) => last(texts),
  boolean: (_, texts) => last(texts) === "true",
  integer: (flag, texts) => toNumber(flag, last(texts), /^-?\d{1,15}$/),
  number: (flag, texts) => toNumber(flag, last(texts), /^-?\d+(\.\d+)?$/),
  json: (flag, texts) => parseJsonFlag(flag.name, last(texts)),
  list: (flag, texts) => toList(flag, texts),
  entries: (flag, texts) => texts.flatMap((text) => toEntries(flag, text)),
  pairs: (flag, texts) => Object.fromEntries(texts.flatMap((text) => toPairs(flag, text))),
};

function toNumber(flag: Flag, text: string, form: RegExp): number {
  if (!form.test(text))
    throw usageFailure(`${flag.name}: "${text}" is not a ${flag.kind === "integer" ? "whole " : ""}number`);
  return Number(text);
}

/** `a,b` and `["a, with a comma","b"]`; one object alone is passed on as it is, such as `{"any":["a","b"]}`. */
function toList(flag: Flag, texts: readonly string[]): unknown {
  const parts = texts.map((text) => (/^\s*[[{]/.test(text) ? parseJsonFlag(flag.name, text) : commaSeparated(text)));
  if (parts.length === 1 && isObject(parts[0]) && flag.place === "body" && flag.field === "scopes") return parts[0];
  return parts.flat();
}

function commaSeparated(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function toEntries(flag: Flag, text: string): unknown[] {
  if (text.trim() === "") return [];
  if (!/^\s*[[{@]/.test(text)) return [shortForm(flag.name, flag.field, text)];
  const value = parseJsonFlag(flag.name, text);
  return Array.isArray(value) ? value : [value];
}

function toPairs(flag: Flag, text: string): [string, unknown][] {
  if (/^\s*[{@]/.test(text)) {
    const value = parseJsonFlag(flag.name, text);
    if (!isObject(value)) throw usageFailure(`${flag.name}: must be a JSON object, or name=value`);
    return Object.entries(value);
  }
  const at = text.indexOf("=");
  if (at < 1) throw usageFailure(`${flag.name}: "${text}" must be name=value, or a JSON object`);
  return [[text.slice(0, at), text.slice(at + 1)]];
}
