import type { Letter, NamedKey } from "./queries/letters.ts";
import { sentenceOf } from "./sentence.ts";

export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const DAY_MS = 86_400_000;

interface Part {
  readonly head: string;
  readonly lines: readonly string[];
  /** How many more there are. */
  readonly more: number;
}

/** A mail as people read it, in text and HTML with the same words. Null where nothing is to be told. It holds no secret and no link. */
export function composeMail(letter: Letter, now: Date): ComposedMail | null {
  const parts = [expiryPart(letter, now), eventPart(letter)].filter((part) => part.lines.length > 0);
  if (parts.length === 0) return null;
  const greeting = `Hello ${oneLine(letter.name)},`;
  const foot =
    "You are told this because you made or own these keys, or administer the account. Whoever runs this service can change what you are told.";
  const account = oneLine(letter.accountName);
  return {
    subject: subjectOf(letter, account, now),
    text: [greeting, ...parts.map((part) => textOf(part, account)), foot].join("\n\n").concat("\n"),
    html: [
      '<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.4">',
      `<p>${escaped(greeting)}</p>`,
      ...parts.map((part) => htmlOf(part, account)),
      `<p style="color:#555;font-size:small">${escaped(foot)}</p></body></html>`,
    ].join("\n"),
  };
}

function subjectOf({ expiring, expiringCount, eventCount }: Letter, account: string, now: Date): string {
  const [first] = expiring;
  if (first === undefined) return `${eventCount === 1 ? "A notice" : `${eventCount} notices`} about keys of ${account}`;
  const soon = inDays(first.expiresAt, now);
  return expiringCount === 1
    ? `The key ${oneLine(first.label)} of ${account} ends ${soon}`
    : `${expiringCount} keys of ${account} will end, the first ${soon}`;
}

function expiryPart({ expiring, expiringCount }: Letter, now: Date): Part {
  return {
    head: "These keys will end by themselves. Rotate them, or have them renewed, before they do:",
    lines: expiring.map((key) => `${nameOf(key)}: ends ${timeOf(key.expiresAt)}, ${inDays(key.expiresAt, now)}`),
    more: expiringCount - expiring.length,
  };
}

function eventPart({ events, eventCount }: Letter): Part {
  return {
    head: "What happened:",
    lines: events.map(({ key, createdAt, ...event }) => {
      const what = `${timeOf(createdAt)}: ${oneLine(sentenceOf(event))}`;
      return key === null ? what : `${nameOf(key)}, ${what}`;
    }),
    more: eventCount - events.length,
  };
}

const nameOf = ({ id, label, preview, environment }: NamedKey): string =>
  `${oneLine(label)} (${[environment, preview, id].filter((each) => each !== null).join(", ")})`;

const timeOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

function inDays(at: Date, now: Date): string {
  const left = at.getTime() - now.getTime();
  const days = Math.round(left / DAY_MS);
  return left < DAY_MS ? "within a day" : days === 1 ? "in a day" : `in ${days} days`;
}

/** What people have written stays on its line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => MARKUP[character] ?? "");

const beyond = ({ more }: Part): string[] => (more > 0 ? [`and ${more} more`] : []);

function textOf(part: Part, account: string): string {
  return [`${account}: ${part.head}`, ...[...part.lines, ...beyond(part)].map((line) => `- ${line}`)].join("\n");
}

function htmlOf(part: Part, account: string): string {
  const items = [...part.lines, ...beyond(part)].map((line) => `<li>${escaped(line)}</li>`);
  return `<p><strong>${escaped(account)}</strong>: ${escaped(part.head)}</p>\n<ul>\n${items.join("\n")}\n</ul>`;
}
