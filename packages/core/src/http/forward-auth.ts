import { ClavigerError } from "../errors/index.ts";
import type { HeaderReader } from "./presented-key.ts";

/** The request that a proxy asks about. */
export interface OriginalRequest {
  readonly method: string;
  /** Path and query. */
  readonly uri: string;
}

const LONGEST_URI = 8192;
const NGINX_KNOWS: ReadonlySet<number> = new Set([204, 401, 403]);

/**
 * nginx sends X-Original-*, Traefik and Caddy X-Forwarded-*; without either nothing can be decided. A proxy sets only its
 * own pair, so the other may come from the caller: two pairs that differ are refused, lest the caller choose what is judged.
 * nginx is known to send the first, so there the second is not read.
 *
 * @throws ClavigerError VALIDATION_FAILED
 */
export function originalRequest(headers: HeaderReader, proxy: "nginx" | undefined): OriginalRequest {
  const original = pairOf(headers, "x-original-method", "x-original-uri");
  const forwarded = proxy === "nginx" ? null : pairOf(headers, "x-forwarded-method", "x-forwarded-uri");
  const pair = original ?? forwarded;
  const differ =
    original !== null && forwarded !== null && (original.method !== forwarded.method || original.uri !== forwarded.uri);
  const sound = pair !== null && /^[A-Z]{1,20}$/.test(pair.method) && pair.uri.length <= LONGEST_URI;
  if (sound && !differ) return pair;
  const message = differ
    ? "name another request than X-Forwarded-Method, X-Forwarded-Uri"
    : "the proxy must send the original method and URI";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "X-Original-Method, X-Original-URI", message }] });
}

/** nginx passes on 2xx, 401 and 403 alone: any other status goes as 403, and as it is in X-Authorize-Status. */
export function forNginx<
  A extends { readonly status: number; readonly headers?: Readonly<Record<string, string>> | undefined },
>(answer: A): A {
  return {
    ...answer,
    status: NGINX_KNOWS.has(answer.status) ? answer.status : 403,
    headers: { ...answer.headers, "X-Authorize-Status": String(answer.status) },
  };
}

/** A pair of which one half is missing counts as none. */
function pairOf(headers: HeaderReader, methodName: string, uriName: string): OriginalRequest | null {
  const method = headers.get(methodName);
  const uri = headers.get(uriName);
  return method === null || uri === null ? null : { method: method.toUpperCase(), uri };
}
