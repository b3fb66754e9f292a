/**
 * Bodies of verifications straight from their text, in a small part of the time that JSON.parse, the limit on depth and the schema take
 * together. Only what callers mostly send is read here: no escapes, no number, no nested scopes, no white space but one after `:` and `,`.
 * For all else, and for whatever is wrong, the answer is undefined, and the schema must be asked.
 */
import { parseIp } from "@claviger/core";
import type { z } from "zod";
import type { verifyBatchBody, verifyBody } from "./verify-body.ts";

type VerifyBody = z.output<typeof verifyBody>;
type BatchBody = z.output<typeof verifyBatchBody>;

/** The same ASCII twice, because bytes are sooner looked at and text is sooner cut; and how far it is read. */
interface Reader {
  readonly bytes: Uint8Array;
  readonly text: string;
  at: number;
}

const [SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [32, 34, 44, 58, 92] as const;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125] as const;
const SLUG = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const METHOD = /^[A-Za-z]{1,20}$/;
const ACCOUNT = /^acct_[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** Neither trimmed nor refused by the schema. */
const LINE = /^[\x21-\x7e]{1,200}$/;
const BATCH = '{"checks":[';
const MOST_CHECKS = 1000;
const MOST_SCOPES = 64;

/** What `verifyBody` makes of JSON with this text; its fields are all there, so that all checks have one shape. */
export function plainVerifyBody(bytes: Uint8Array, text: string): VerifyBody | undefined {
  const reader = { bytes, text, at: 0 };
  const check = readCheck(reader);
  return reader.at === text.length ? check : undefined;
}

/** What `verifyBatchBody` makes of JSON with this text. */
export function plainVerifyBatchBody(bytes: Uint8Array, text: string): BatchBody | undefined {
  if (!text.startsWith(BATCH)) return undefined;
  const reader = { bytes, text, at: BATCH.length };
  const checks: VerifyBody[] = [];
  do {
    const check = readCheck(reader);
    if (check === undefined || checks.length === MOST_CHECKS) return undefined;
    checks.push(check);
  } while (skip(reader, COMMA));
  return skip(reader, CLOSE_LIST) && skip(reader, CLOSE_OBJECT) && reader.at === text.length ? { checks } : undefined;
}

function readCheck(reader: Reader): VerifyBody | undefined {
  const check = blank();
  if (!skip(reader, OPEN_OBJECT)) return undefined;
  do {
    const name = readText(reader);
    if (name === undefined || !skip(reader, COLON) || !readField(reader, check, name)) return undefined;
  } while (skip(reader, COMMA));
  const { key, method, path } = check;
  const whole = skip(reader, CLOSE_OBJECT) && key !== undefined && (method === undefined) === (path === undefined);
  return whole ? (check as VerifyBody) : undefined;
}

type Blank = { -readonly [Name in keyof VerifyBody]: VerifyBody[Name] | undefined };

function blank(): Blank {
  return {
    key: undefined,
    environment: undefined,
    scopes: undefined,
    method: undefined,
    path: undefined,
    account: undefined,
    audience: undefined,
    ip: undefined,
    referrer: undefined,
    origin: undefined,
    userAgent: undefined,
    requestId: undefined,
    cost: 1,
  };
}

/** False where the field is none that is plain, comes twice, or has another value than the schema would take as it is. */
function readField(reader: Reader, check: Blank, name: string): boolean {
  if (name === "scopes") {
    if (check.scopes !== undefined) return false;
    check.scopes = readNames(reader);
    return check.scopes !== undefined;
  }
  const value = readText(reader);
  if (value === undefined) return false;
  switch (name) {
    case "key":
      if (check.key !== undefined || value.length > 4096) return false;
      check.key = value;
      return true;
    case "method":
      if (check.method !== undefined || !METHOD.test(value)) return false;
      check.method = value;
      return true;
    case "path":
      if (check.path !== undefined || value.length < 1 || value.length > 4096) return false;
      check.path = value;
      return true;
    case "environment":
      if (check.environment !== undefined || !SLUG.test(value)) return false;
      check.environment = value;
      return true;
    case "ip":
      if (check.ip !== undefined || value.length > 45 || parseIp(value) === null) return false;
      check.ip = value;
      return true;
    default:
      return setRarer(check, name, value);
  }
}

function setRarer(check: Blank, name: string, value: string): boolean {
  switch (name) {
    case "account":
      if (check.account !== undefined || !ACCOUNT.test(value)) return false;
      check.account = value;
      return true;
    case "audience":
      if (check.audience !== undefined || !LINE.test(value)) return false;
      check.audience = value;
      return true;
    case "referrer":
      if (check.referrer !== undefined || value.length > 2048) return false;
      check.referrer = value;
      return true;
    case "origin":
      if (check.origin !== undefined || value.length > 300) return false;
      check.origin = value;
      return true;
    case "userAgent":
      if (check.userAgent !== undefined || value.length > 1000) return false;
      check.userAgent = value;
      return true;
    case "requestId":
      if (check.requestId !== undefined || value.length > 200) return false;
      check.requestId = value;
      return true;
    default:
      return false;
  }
}

function readNames(reader: Reader): string[] | undefined {
  if (!skip(reader, OPEN_LIST)) return undefined;
  const names: string[] = [];
  do {
    const name = readText(reader);
    if (name === undefined || name.length < 1 || name.length > 100 || names.length === MOST_SCOPES) return undefined;
    names.push(name);
  } while (skip(reader, COMMA));
  return skip(reader, CLOSE_LIST) ? names : undefined;
}

/** A string that means what it says, without its quotes. */
function readText(reader: Reader): string | undefined {
  const { bytes, at } = reader;
  if (bytes[at] !== QUOTE) return undefined;
  let end = at + 1;
  let byte = bytes[end] ?? 0;
  while (byte !== QUOTE) {
    if (byte < SPACE || byte === BACKSLASH) return undefined;
    end += 1;
    byte = bytes[end] ?? 0;
  }
  reader.at = end + 1;
  return reader.text.slice(at + 1, end);
}

/** Steps over one character, and over a space after `:` and `,`. */
function skip(reader: Reader, byte: number): boolean {
  if (reader.bytes[reader.at] !== byte) return false;
  reader.at += 1;
  if ((byte === COLON || byte === COMMA) && reader.bytes[reader.at] === SPACE) reader.at += 1;
  return true;
}
