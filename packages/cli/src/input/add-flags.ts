import { type Command, Option } from "commander";
import { usageFailure } from "../failure.ts";
import { meaningOf } from "./field-help.ts";
import type { Flag, FlagKind } from "./flag.ts";
import type { Typed } from "./flag-value.ts";
import { formOf } from "./short-forms.ts";

const PLACEHOLDER: Readonly<Record<FlagKind, string>> = {
  text: "<text>",
  integer: "<number>",
  number: "<number>",
  boolean: "",
  list: "<a,b>",
  entries: "<entry>",
  pairs: "<name=value>",
  json: "<json>",
};

/** Offers the flags on a command, required ones first. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of [...flags].sort((a, b) => Number(b.required) - Number(a.required))) {
    const positive = new Option(`${flag.name} ${PLACEHOLDER[flag.kind]}`.trim(), helpOf(flag));
    if (flag.choices !== null) positive.choices([...flag.choices]);
    if (flag.kind !== "boolean") positive.argParser(collector(flag));
    command.addOption(positive);
    if (flag.clearable || flag.kind === "boolean") {
      command.addOption(new Option(flag.name.replace("--", "--no-"), flag.clearable ? "take it away" : "the opposite"));
    }
  }
}

/** What was typed for the flag, from the options as commander keeps them. */
export function typedOf(flag: Flag, options: Readonly<Record<string, unknown>>): Typed {
  const kept = options[new Option(flag.name).attributeName()];
  if (typeof kept === "boolean") return kept;
  return Array.isArray(kept) ? kept.map(String) : undefined;
}

/** Keeps every occurrence as text; a choice is checked here, as commander does it only where it parses itself. */
function collector(flag: Flag) {
  return (text: string, before: unknown): string[] => [
    ...(Array.isArray(before) ? before.map(String) : []),
    checked(flag, text),
  ];
}

function checked(flag: Flag, text: string): string {
  if (flag.choices === null || flag.choices.includes(text)) return text;
  throw usageFailure(`${flag.name}: "${text}" is none of ${flag.choices.join(", ")}`);
}

function helpOf(flag: Flag): string {
  const form = flag.kind === "entries" ? [`as ${formOf(flag.field)} or JSON; may be repeated`] : [];
  const notes = [
    ...(flag.required ? ["required"] : []),
    ...form,
    ...(flag.fallback === null || flag.fallback === "[]" ? [] : [`default ${flag.fallback.replaceAll('"', "")}`]),
  ];
  const note = notes.length === 0 ? "" : ` (${notes.join("; ")})`;
  return `${flag.description ?? meaningOf(flag.field)}${note}`;
}
