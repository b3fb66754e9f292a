import { ERRORS, PROBLEMS } from "@claviger/core";
import type { Case, Ground } from "./cases.ts";
import type { Told, WireAnswer } from "./wire.ts";

/** What is wrong with what came back; null where nothing is. */
export function faultOf(each: Case, told: Told, ground: Ground): string | null {
  if (typeof told === "string") {
    // Bytes of which nobody can tell where a request ends need no answer, and yet an end.
    return told === "closed" && each.kind === "request" ? null : `${each.kind}: ${told} without an answer`;
  }
  if (told.status >= 500) return `${each.kind}: answered ${told.status}`;
  if (told.status >= 400) return problemFault(each, told);
  return OF_KIND[each.kind](each, told, ground) ?? knownFault(each, told);
}

/** What was not refused. */
type Check = (each: Case, answer: WireAnswer, ground: Ground) => string | null;
const none: Check = () => null;

const OF_KIND: Readonly<Record<Case["kind"], Check>> = {
  "key in a body": (each, { text }, ground) => verdictFault(each.request, [JSON.parse(text)], ground),
  "keys in a batch": (each, { text }, ground) => verdictFault(each.request, JSON.parse(text).results, ground),
  "key in a header": (each, { status }, { mine }) =>
    status === 204 && each.request.includes(mine.secret) ? null : `a key in a header: answered ${status}`,
  path: none,
  headers: ({ request }, { status }, { root }) =>
    request.includes(root) ? null : `no right to it: answered ${status}`,
  body: none,
  request: none,
};

const REFUSALS = new Set(["MALFORMED", "NOT_FOUND", "WRONG_ENVIRONMENT"]);

interface Verdict {
  readonly valid: boolean;
  readonly code: string;
  readonly keyId?: string;
}

function verdictFault(request: string, verdicts: readonly Verdict[], { mine }: Ground): string | null {
  for (const { valid, code, keyId } of verdicts) {
    if (valid && (keyId !== mine.id || !request.includes(mine.secret)))
      return `a key that is none was accepted: ${keyId}`;
    if (!valid && !REFUSALS.has(code)) return `a key that nobody issued was refused with ${code}`;
  }
  return null;
}

/** Whether nobody can doubt what is asked for and where. Any other address is refused before there is an operation, without a body. */
function hasPlainAddress(request: string): boolean {
  const [first = "", ...lines] = request.slice(0, request.indexOf("\r\n\r\n")).split("\r\n");
  const hosts = lines.filter((line) => /^host:/i.test(line));
  return /^\w+ \/[^\\]* HTTP\/1\.1$/.test(first) && hosts.every((line) => /^host: *[a-z0-9.-]+(:\d+)? *$/i.test(line));
}

/** Only node:http's own answer, to what is no HTTP or expects what nobody offers, has no body. */
function problemFault(each: Case, { status, headers, text }: WireAnswer): string | null {
  if (status === 400 && text === "" && !hasPlainAddress(each.request)) return null;
  if (!each.framed && text === "" && (headers.get("connection") === "close" || status === 417)) return null;
  if (each.method === "HEAD") return null;
  if (headers.get("content-type") !== "application/problem+json") return `${status} is no problem document`;
  const { code, status: said, requestId } = JSON.parse(text);
  if (ERRORS[code as keyof typeof ERRORS] === undefined && PROBLEMS[code as keyof typeof PROBLEMS] === undefined) {
    return `${code} is not in the catalogue`;
  }
  if (Number(headers.get("x-authorize-status") ?? status) !== said) return `${status} says that it is ${said}`;
  return /^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(requestId) ? null : "a problem without the id of its request";
}

/** A body that the operation's contract has; requests that were changed as a whole may have become another operation's. */
function knownFault({ kind, method, operation }: Case, { status, text }: WireAnswer): string | null {
  if (kind === "request" || kind === "path" || method !== operation.method) return null;
  const response = operation.responses[status];
  if (response === undefined) return `${operation.id} answered ${status}, which the contract does not know`;
  if (response.schema === undefined) return null;
  const { error } = response.schema.safeParse(JSON.parse(Buffer.from(text, "latin1").toString("utf8")));
  return error === undefined ? null : `${operation.id} answered what the contract does not have: ${error.message}`;
}

export function isAccepted(told: Told | undefined, { mine }: Ground): boolean {
  if (typeof told !== "object" || told.status !== 200) return false;
  const { valid, keyId } = JSON.parse(told.text) as Verdict;
  return valid && keyId === mine.id;
}
