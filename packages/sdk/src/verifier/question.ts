import { MAX_PATH_LENGTH, parseIp, type RefusalCode } from "@claviger/core";
import type { VerificationRequest } from "./verification.ts";

const LONGEST_KEY = 4096;
const METHOD = /^[A-Za-z]{1,20}$/;
const ACCOUNT = /^(acct_[0-7][0-9A-HJKMNP-TV-Z]{25}|ext:[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,198}[^\s\p{C}])?)$/u;

/** The body of `POST /v1/verify`, or the refusal of what it cannot carry and no node would accept either. */
export type Question = { readonly body: string } | { readonly refused: RefusalCode };

/** What a caller can send decides on nothing but its own refusal: it never makes a question that a node would call broken. */
export function questionOf(secret: unknown, request: VerificationRequest, environment: string): Question {
  if (typeof secret !== "string" || secret === "" || secret.length > LONGEST_KEY) return { refused: "MALFORMED" };
  const { method, path, scopes, account, ip } = request;
  const target = path?.split(/[?#]/, 1)[0];
  if (method !== undefined && !METHOD.test(method)) return { refused: "ROUTE_NOT_MAPPED" };
  // A path without its method could not be looked up; cut short, it would be another path.
  if (target !== undefined && (method === undefined || target === "" || target.length > MAX_PATH_LENGTH)) {
    return { refused: "ROUTE_NOT_MAPPED" };
  }
  if (account !== undefined && !ACCOUNT.test(account)) return { refused: "WRONG_ACCOUNT" };
  const body = {
    key: secret,
    environment,
    method: target === undefined && scopes === undefined ? undefined : method,
    path: target,
    scopes,
    account,
    audience: request.audience,
    ip: ip !== undefined && parseIp(ip) !== null ? ip : undefined,
    origin: whole(request.origin, 300),
    referrer: whole(request.referrer, 2048),
    userAgent: request.userAgent?.slice(0, 1000),
    requestId: request.requestId?.slice(0, 200),
    cost: request.cost,
  };
  return { body: JSON.stringify(body) };
}

/** What is too long is not cut, since half an origin is another one, and not left out, since its absence may be more. It fits nothing. */
function whole(text: string | undefined, longest: number): string | undefined {
  return text === undefined || text.length <= longest ? text : "";
}
