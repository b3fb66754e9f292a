import type { HeaderReader } from "@claviger/core";

/** The headers that verification reads or records, in lower case, by their length: two names are seldom of the same. */
const NAMES = [
  "authorization",
  "claviger-credential",
  "claviger-service",
  "content-length",
  "content-type",
  "origin",
  "referer",
  "sec-fetch-site",
  "traceparent",
  "user-agent",
  "x-api-key",
  "x-forwarded-for",
  "x-forwarded-method",
  "x-forwarded-uri",
  "x-original-method",
  "x-original-uri",
  "x-request-id",
] as const;
const BY_LENGTH: (readonly string[] | undefined)[] = [];
for (const name of NAMES) BY_LENGTH[name.length] = [...(BY_LENGTH[name.length] ?? []), name];

/** Names and values in turn, names in lower case: a request has few, so that a list is searched sooner than a map is made. */
export class HotHeaders implements HeaderReader {
  readonly #pairs: readonly string[];

  constructor(pairs: readonly string[]) {
    this.#pairs = pairs;
  }

  /** The value of one of `NAMES`. */
  get(name: string): string | null {
    const pairs = this.#pairs;
    for (let index = 0; index < pairs.length; index += 2) if (pairs[index] === name) return pairs[index + 1] ?? null;
    return null;
  }
}

/**
 * What verification reads of the headers of a request, straight from the list that node:http has of them, without the object that it
 * would make of all. Null where one of them comes twice: node:http takes the first of some, joins others, and whoever
 * stands in front may have read the last.
 */
export function readHotHeaders(raw: readonly string[]): HotHeaders | null {
  const pairs: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const given = raw[index] ?? "";
    const name = nameOf(given);
    if (name === undefined) continue;
    for (let known = 0; known < pairs.length; known += 2) if (pairs[known] === name) return null;
    pairs.push(name, raw[index + 1] ?? "");
  }
  return new HotHeaders(pairs);
}

function nameOf(given: string): string | undefined {
  const names = BY_LENGTH[given.length];
  if (names === undefined) return undefined;
  const lower = given.toLowerCase();
  return names[0] === lower ? names[0] : names.find((name) => name === lower);
}
