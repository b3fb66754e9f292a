import {
  ClavigerError,
  expandedScopes,
  type HeaderReader,
  type KeyFacts,
  presentedKey,
  type RefusalCode,
  rateLimitHeaders,
  refusalError,
  refusalHttp,
} from "@claviger/core";
import type { Source } from "../../kernel/act.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { problemOf } from "../../kernel/problem.ts";
import type { Answer } from "../../kernel/route.ts";
import { environmentFor } from "./environment-for.ts";
import type { KeySource } from "./key-source.ts";
import { roundedUp } from "./shown-verdict.ts";
import type { Outcome, Standing, VerifyKey } from "./verify-key.ts";

interface AuthorizeCall {
  readonly principal: ManagementPrincipal;
  readonly source: Source;
  readonly headers: HeaderReader;
  readonly query: { readonly proxy?: "nginx" | undefined; readonly environment?: string | undefined };
}

/**
 * Forward authentication (C2): 204 with who it is, or the status that the proxy should answer with. nginx knows only 2xx, 401
 * and 403, so with `?proxy=nginx` the answer goes through `forNginx`. Throws ClavigerError for what cannot be decided on.
 */
export function authorize(verify: VerifyKey, source: KeySource, call: AuthorizeCall): Answer | Promise<Answer> {
  const environment = environmentFor(call.principal, call.query.environment);
  const { method, uri } = originalRequest(call.headers, call.query.proxy);
  const presented = presentedKey(call.headers, uri);
  if (presented.kind !== "key") throw new ClavigerError(presented.code);
  const outcome = verify({
    key: presented.secret,
    environment,
    method,
    path: uri,
    ip: call.source.ip ?? undefined,
    referrer: call.headers.get("referer") ?? undefined,
    origin: call.headers.get("origin") ?? undefined,
  });
  const answerOf = (settled: Outcome): Answer =>
    settled.verdict.valid && settled.key !== null
      ? allowed(settled.key, settled.standing, source)
      : refused(settled, call.source.requestId ?? "");
  return outcome instanceof Promise ? outcome.then(answerOf) : answerOf(outcome);
}

const LONGEST_URI = 8192;
const NGINX_KNOWS: ReadonlySet<number> = new Set([204, 401, 403]);

/** Any answer of this operation, problems included, in a form that nginx passes on. */
export function forNginx(answer: Answer): Answer {
  return {
    ...answer,
    status: NGINX_KNOWS.has(answer.status) ? answer.status : 403,
    headers: { ...answer.headers, "X-Authorize-Status": String(answer.status) },
  };
}

/**
 * nginx sends X-Original-*, Traefik and Caddy X-Forwarded-*; without either nothing can be decided. A proxy sets only its own pair, so
 * the other may come from the caller: two pairs that differ are refused, lest the caller choose what is judged. nginx is known to send
 * the first, so there the second is not read.
 */
function originalRequest(headers: HeaderReader, proxy: "nginx" | undefined): { method: string; uri: string } {
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

/** A pair of which one half is missing counts as none. */
function pairOf(headers: HeaderReader, methodName: string, uriName: string): { method: string; uri: string } | null {
  const method = headers.get(methodName);
  const uri = headers.get(uriName);
  return method === null || uri === null ? null : { method: method.toUpperCase(), uri };
}

function allowed(key: KeyFacts, standing: Standing | null, source: KeySource): Answer {
  const catalogue = source.peekCatalogue();
  const scopes = catalogue === undefined ? key.scopes : expandedScopes(key.scopes, catalogue);
  const headers = {
    "X-Key-Id": key.keyId,
    "X-Account-Id": key.account,
    "X-Scopes": key.tier === null ? textOf(scopes) : `${key.tier} ${textOf(scopes)}`.trimEnd(),
  };
  return { status: 204, headers: standing === null ? headers : { ...headers, ...limitHeaders(standing) } };
}

const TEXTS = new WeakMap<readonly string[], string>();

/** Joined once for each list: the same list comes back as long as grant and catalogue are the same. */
function textOf(names: readonly string[]): string {
  const known = TEXTS.get(names);
  if (known !== undefined) return known;
  const text = names.join(" ");
  TEXTS.set(names, text);
  return text;
}

function refused({ verdict, standing }: Outcome, requestId: string): Answer {
  const code = verdict.code as RefusalCode;
  const missing = verdict.valid ? undefined : verdict.missing;
  const retryAfterMs = roundedUp(standing?.refusal?.retryAfterMs);
  const extra = {
    ...(missing === undefined ? {} : { scope: missing.join(" ") }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  };
  const answer = problemOf(refusalError(code, { extra }), requestId);
  return { ...answer, status: refusalHttp[code].status, headers: { ...answer.headers, ...limitHeaders(standing) } };
}

function limitHeaders(standing: Standing | null): Record<string, string> {
  return standing === null ? {} : rateLimitHeaders(standing.limits, standing.states, standing.at);
}
