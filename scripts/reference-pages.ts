import type { ErrorEntry, RefusalEntry } from "@claviger/core";

/** A page of docs/reference that is written by `node scripts/docs.ts`. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export interface SettingRow {
  readonly name: string;
  readonly unit: string;
  readonly default: string;
  readonly bounds: string;
  readonly meaning: string;
  /** May be given as a file, by `<name>_FILE`. */
  readonly secret: boolean;
}

const NOTE = "<!-- Written by `node scripts/docs.ts` from the code. Changes made here are lost; change the code. -->";

/** From error code to what to do. `problems` are answers of the API, `refusals` verdicts on a presented key. */
export function errorsPage(
  problems: Readonly<Record<string, ErrorEntry>>,
  refusals: Readonly<Record<string, RefusalEntry>>,
): Page {
  const row = ([code, entry]: [string, ErrorEntry]) => [
    `\`${code}\``,
    String(entry.status),
    entry.title,
    entry.detail,
    entry.action,
  ];
  const refusal = ([code, entry]: [string, RefusalEntry]) => [...row([code, entry]), `\`${entry.publicCode}\``];
  const columns = ["Code", "Status", "Title", "What it means", "What to do"];
  return page("errors", "Errors", [
    "Every answer that is not a success is `application/problem+json` (RFC 9457) and carries one of these codes in",
    "`code`. The list is closed: a code that is not here is never sent. Codes do not change their meaning; the text may.",
    "",
    "## Problems",
    "",
    "Answers of the API to a request that it could not, or would not, carry out.",
    "",
    ...table(columns, Object.entries(problems).map(row)),
    "",
    "## Refusals",
    "",
    "Reasons for which a verification says `valid: false`. The verifier sees the code; a caller that presents the key",
    "itself is told the one in the last column, which never helps to guess a key.",
    "",
    ...table([...columns, "Told to the caller"], Object.entries(refusals).map(refusal)),
  ]);
}

/** Every setting once: name, unit, default, bounds, meaning. */
export function configurationPage(settings: readonly SettingRow[]): Page {
  const rows = settings.map(({ name, unit, default: fallback, bounds, meaning, secret }) => {
    return [`\`${name}\``, unit, fallback, bounds, secret ? `${meaning}. A secret: also as \`${name}_FILE\`` : meaning];
  });
  return page("configuration", "Configuration", [
    "Settings are environment variables. An empty one counts as not set. Each that holds a secret may be given as a",
    "file instead, by the name with `_FILE` added. A wrong value stops the start with one line that names the variable,",
    "what it was and what it must be.",
    "",
    ...table(["Name", "Unit", "Default", "Bounds", "Meaning"], rows),
  ]);
}

export interface EventRow {
  readonly type: string;
  readonly description: string;
  /** JSON schema of its data. */
  readonly schema: unknown;
}

/** What webhooks are told: every type of event with the schema of its data. */
export function eventsPage(body: unknown, events: readonly EventRow[]): Page {
  const json = (schema: unknown): string[] => ["```json", JSON.stringify(schema, null, 2), "```", ""];
  return page("events", "Events", [
    "What is posted to [webhooks](../guide/notices.md). Types are added, and fields to those that are here; take no notice of",
    "what you do not know.",
    "",
    ...table(
      ["Type", "What happened"],
      events.map(({ type, description }) => [`\`${type}\``, description]),
    ),
    "",
    "## Body",
    "",
    ...json(body),
    ...events.flatMap(({ type, schema }) => [`## ${type}`, "", "`data`:", "", ...json(schema)]),
  ]);
}

/** The codes or names in the first column of a page's tables, in order. */
export function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
}

function page(name: string, title: string, body: readonly string[]): Page {
  return { path: `docs/reference/${name}.md`, text: [`# ${title}`, "", NOTE, "", ...body, ""].join("\n") };
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}
