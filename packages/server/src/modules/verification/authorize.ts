import {
  type Catalogue,
  ClavigerError,
  createToldMemo,
  expandedScopes,
  type HeaderReader,
  type KeyFacts,
  originalRequest,
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

interface AuthorizePorts {
  readonly verify: VerifyKey;
  readonly source: KeySource;
  readonly allowed: ReturnType<typeof createAllowed>;
}

interface AuthorizeCall {
  readonly principal: ManagementPrincipal;
  readonly source: Source;
  readonly headers: HeaderReader;
  readonly query: {
    readonly proxy?: "nginx" | undefined;
    readonly environment?: string | undefined;
    readonly service?: string | undefined;
  };
}

/**
 * Forward authentication (C2): 204 with who it is, or the status that the proxy should answer with. nginx knows only 2xx, 401
 * and 403, so with `?proxy=nginx` the answer goes through `forNginx`. Throws ClavigerError for what cannot be decided on.
 */
export function authorize(ports: AuthorizePorts, call: AuthorizeCall): Answer | Promise<Answer> {
  const { verify, source, allowed } = ports;
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
    userAgent: call.headers.get("user-agent") ?? undefined,
    requestId: call.headers.get("x-request-id") ?? undefined,
    browser: call.headers.get("sec-fetch-site") !== null,
    service: call.query.service,
  });
  const answerOf = (settled: Outcome): Answer =>
    settled.verdict.valid && settled.key !== null
      ? withLimits(allowed(settled.key, source.peekCatalogue()), settled.standing)
      : refused(settled, call.source.requestId ?? "");
  return outcome instanceof Promise ? outcome.then(answerOf) : answerOf(outcome);
}

/** The answer for a key that is allowed, made once for each key in use. */
export function createAllowed(): (key: KeyFacts, catalogue: Catalogue | undefined) => Answer {
  return createToldMemo((key, catalogue: Catalogue | undefined) => {
    const scopes = catalogue === undefined ? key.scopes : expandedScopes(key.scopes, catalogue);
    const names = key.tier === null ? scopes : [key.tier, ...scopes];
    return {
      status: 204,
      headers: { "X-Key-Id": key.keyId, "X-Account-Id": key.account, "X-Scopes": names.join(" ") },
    };
  });
}

function withLimits(answer: Answer, standing: Standing | null): Answer {
  return standing === null ? answer : { ...answer, headers: { ...answer.headers, ...limitHeaders(standing) } };
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
