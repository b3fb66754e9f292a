import type { ErrorCode } from "../errors/claviger-error.ts";
import { parseKey } from "../key-format/parse-key.ts";

/** What a request presents: one key, nothing, or something that must be refused before it is looked at. */
export type Presented =
  | { readonly kind: "key"; readonly secret: string }
  | { readonly kind: "none"; readonly code: Extract<ErrorCode, "UNAUTHENTICATED"> }
  | {
      readonly kind: "refused";
      readonly code: Extract<ErrorCode, "TWO_CREDENTIALS" | "KEY_IN_QUERY" | "INVALID_TOKEN">;
    };

const LONGEST = 4096;

/** Reads one header by its lower-case name; a `Headers` is one. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * Takes the key from `Authorization: Bearer` or `X-API-Key`. Two platform keys at once are refused, and so is one in the query
 * string; a foreign token in the other header is none of our business.
 */
export function presentedKey(headers: HeaderReader, target: string): Presented {
  if (hasKeyInQuery(target)) return { kind: "refused", code: "KEY_IN_QUERY" };
  const bearer = bearerOf(headers.get("authorization"));
  const apiKey = headers.get("x-api-key")?.trim() ?? null;
  const secret = choose(bearer, apiKey);
  if (secret === "two") return { kind: "refused", code: "TWO_CREDENTIALS" };
  if (secret === null || secret === "") return { kind: "none", code: "UNAUTHENTICATED" };
  return secret.length > LONGEST ? { kind: "refused", code: "INVALID_TOKEN" } : { kind: "key", secret };
}

const BEARER = "Bearer ";

function bearerOf(header: string | null): string | null {
  if (header === null) return null;
  // As nearly everybody writes it, without a space too many.
  if (header.startsWith(BEARER) && isVisible(header, BEARER.length) && isVisible(header, header.length - 1)) {
    return header.slice(BEARER.length);
  }
  return /^bearer +(.*)$/i.exec(header.trim())?.[1]?.trim() ?? null;
}

function isVisible(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 0x20 && code < 0x7f;
}

function choose(bearer: string | null, apiKey: string | null): string | null | "two" {
  if (bearer === null || apiKey === null) return bearer ?? apiKey;
  const ours = [bearer, apiKey].filter((text) => parseKey(text).ok);
  if (ours.length === 2) return "two";
  return ours[0] ?? bearer;
}

/** A query ends up in logs, histories and referrers, so a key in it is leaked, however good. */
function hasKeyInQuery(target: string): boolean {
  const start = target.indexOf("?");
  if (start < 0) return false;
  for (const value of new URLSearchParams(target.slice(start + 1)).values()) if (parseKey(value).ok) return true;
  return false;
}
