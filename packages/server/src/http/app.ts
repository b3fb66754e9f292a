import { ClavigerError, forNginx, type SourceAddress } from "@claviger/core";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { isUnavailable, isUnstorable } from "../db/index.ts";
import type { Source } from "../kernel/act.ts";
import type { Answering } from "../kernel/http-metrics.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/log.ts";
import { problemOf } from "../kernel/problem.ts";
import type { Answer, Route } from "../kernel/route.ts";
import { pageAt, UNROUTED, type Watch, type Watched } from "../kernel/watch.ts";
import type { AccessPorts } from "../modules/access/index.ts";
import { textOf } from "./answer-text.ts";
import { handleCall } from "./handle-call.ts";
import { asScimError } from "./scim-errors.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export interface HttpPorts {
  readonly access: AccessPorts;
  readonly routes: readonly Route[];
  readonly sourceAddress: SourceAddress;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Pages and files for browsers, by path, answered to GET. */
  readonly pages: Readonly<Record<string, (request: Request) => Promise<Response>>>;
  readonly watch: Watch;
}

type Env = { Bindings: Partial<HttpBindings> };

/** The whole API as one Web-standard `fetch` handler. */
export function createHttpApp(ports: HttpPorts): Hono<Env> {
  const app = new Hono<Env>();
  const authorize = ports.routes.find((route) => route.operation.id === "verification.authorize");
  if (authorize !== undefined) {
    // Ahead of all routes: parsed, a path such as /v1/authorize/../../healthz would be another one.
    app.use(async ({ req, env }, next) => {
      const behind = behindPrefix(req.raw, env?.incoming?.url);
      if (behind === null) return next();
      const watched = begin(ports, authorize.operation, req.raw);
      const source = sourceOf(ports, req.raw, env?.incoming?.socket.remoteAddress);
      const asked = prefixedRequest(req.raw, behind);
      const answer = forEnvoy(await watched.within(() => answerCall(ports, authorize, asked, {}, source)));
      return toResponse(watched, answer, source);
    });
  }
  for (const route of literalFirst(ports.routes)) {
    const path = route.operation.path.replace(/\{(\w+)\}/g, ":$1");
    app.on(route.operation.method, path, async (context) => {
      const watched = begin(ports, route.operation, context.req.raw);
      const source = sourceOf(ports, context.req.raw, context.env?.incoming?.socket.remoteAddress);
      const params = context.req.param() as Record<string, string>;
      const answer = await watched.within(() => answerCall(ports, route, context.req.raw, params, source));
      return toResponse(watched, answer, source);
    });
  }
  for (const [path, page] of Object.entries(ports.pages)) {
    const operation = pageAt(path);
    app.get(path, async ({ req }) => {
      const watched = begin(ports, operation, req.raw);
      const response = await page(req.raw);
      watched.answered(response.status);
      return response;
    });
  }
  const methods = [...methodsByPath(ports.routes), ...methodsOfPages(Object.keys(ports.pages))];
  app.all("*", (context) => {
    const watched = begin(ports, UNROUTED, context.req.raw);
    const source = sourceOf(ports, context.req.raw, context.env?.incoming?.socket.remoteAddress);
    const { pathname } = new URL(context.req.url);
    // A path may be met by several templates, such as /v1/keys/{id} and /v1/keys/revoke.
    const matching = methods.filter(({ pattern }) => pattern.test(pathname));
    const allowed = matching.length === 0 ? undefined : [...new Set(matching.flatMap((each) => each.methods))];
    const error = new ClavigerError(allowed === undefined ? "NOT_FOUND" : "METHOD_NOT_ALLOWED");
    const problem = problemOf(error, source.requestId ?? "");
    const answer = pathname.startsWith("/scim/") ? asScimError(problem) : problem;
    return toResponse(
      watched,
      allowed === undefined ? answer : { ...answer, headers: { ...answer.headers, Allow: allowed.join(", ") } },
      source,
    );
  });
  app.onError((error, context) => {
    const watched = begin(ports, UNROUTED, context.req.raw);
    const source = sourceOf(ports, context.req.raw, context.env?.incoming?.socket.remoteAddress);
    return toResponse(watched, problemFor(ports, error, "unrouted", source.requestId ?? ""), source);
  });
  return app;
}

const AUTHORIZE = "/v1/authorize";

/**
 * Envoy's ext_authz sends the caller's request itself, its path behind a prefix. What is behind it, as it stood in the request
 * line; null where the request is another.
 */
function behindPrefix(request: Request, target: string | undefined): string | null {
  const url = target ?? request.url.slice(new URL(request.url).origin.length);
  return url.startsWith(`${AUTHORIZE}/`) ? url.slice(AUTHORIZE.length) : null;
}

/** What is asked for is in the request line, and headers that say otherwise come from the caller. */
function prefixedRequest(request: Request, behind: string): Request {
  const headers = new Headers(request.headers);
  for (const name of ["x-forwarded-method", "x-forwarded-uri"]) headers.delete(name);
  headers.set("X-Original-Method", request.method);
  headers.set("X-Original-URI", behind);
  return new Request(new URL(AUTHORIZE, request.url), { headers });
}

/** Envoy takes 200 for a yes and nothing else. */
function forEnvoy(answer: Answer): Answer {
  return answer.status === 204 ? { ...answer, status: 200 } : answer;
}

/** `/v1/keys/self` must be met before `/v1/keys/{id}`. */
function literalFirst(routes: readonly Route[]): Route[] {
  const parameters = (route: Route): number => route.operation.path.split("{").length;
  return [...routes].sort((a, b) => parameters(a) - parameters(b));
}

async function answerCall(
  ports: HttpPorts,
  route: Route,
  request: Request,
  params: Record<string, string>,
  source: Source,
): Promise<Answer> {
  try {
    return settled(await handleCall(ports.access, route, request, params, source), route, request.url);
  } catch (error) {
    return answerOfError(ports, error, route, request.url, source.requestId ?? "");
  }
}

/** What a route answers to whoever asked by this address: nginx is answered in its own way, also where the query itself is at fault. */
export function settled(answer: Answer, route: Route, url: string): Answer {
  const nginx = route.operation.path === AUTHORIZE && url.includes("?") && /[?&]proxy=nginx(&|$)/.test(url);
  return nginx ? forNginx(answer) : answer;
}

/** What is answered where a route fails. */
export function answerOfError(
  ports: Pick<HttpPorts, "logger">,
  error: unknown,
  route: Route,
  url: string,
  requestId: string,
): Answer {
  const problem = problemFor(ports, error, route.operation.id, requestId);
  if (route.operation.errorsAs === "scim") return asScimError(problem);
  const instead = problem.status === 503 ? route.whenUnavailable?.() : undefined;
  return instead ?? settled(problem, route, url);
}

/** What was raised, as a problem. Only what we did not foresee is an INTERNAL error; its text goes to the log and nowhere else. */
export function problemFor(
  ports: Pick<HttpPorts, "logger">,
  error: unknown,
  operation: string,
  requestId: string,
): Answer {
  if (error instanceof ClavigerError) return problemOf(error, requestId);
  if (isUnstorable(error)) return problemOf(new ClavigerError("VALIDATION_FAILED"), requestId);
  if (isUnavailable(error)) {
    ports.logger.warn({ error, operation, requestId }, "the database cannot be reached");
    return problemOf(new ClavigerError("UNAVAILABLE"), requestId);
  }
  ports.logger.error({ error, operation, requestId }, "unforeseen error");
  return problemOf(new ClavigerError("INTERNAL"), requestId);
}

function sourceOf(ports: HttpPorts, request: Request, peer: string | undefined): Source {
  return {
    via: "api",
    ip: ports.sourceAddress(peer, request.headers.get("x-forwarded-for")),
    userAgent: request.headers.get("user-agent")?.slice(0, 300) ?? null,
    requestId: ports.ids.make("req"),
  };
}

function begin({ watch }: HttpPorts, operation: Answering, { headers }: Request): Watched {
  return watch.begin(operation, headers);
}

function toResponse(watched: Watched, answer: Answer, source: Source): Response {
  watched.answered(answer.status);
  const headers = new Headers({ ...SECURITY_HEADERS, ...answer.headers });
  if (source.requestId !== null && !headers.has("X-Request-Id")) headers.set("X-Request-Id", source.requestId);
  const body = answer.stream ?? textOf(answer);
  if (body === undefined) return new Response(null, { status: answer.status, headers });
  headers.set("Content-Type", answer.contentType ?? "application/json");
  return new Response(body, { status: answer.status, headers });
}

function methodsOfPages(paths: readonly string[]): { pattern: RegExp; methods: string[] }[] {
  return paths.map((path) => ({ pattern: new RegExp(`^${escapePattern(path)}$`), methods: ["GET"] }));
}

function methodsByPath(routes: readonly Route[]): { pattern: RegExp; methods: string[] }[] {
  const grouped = Map.groupBy(routes, (route) => route.operation.path);
  return [...grouped].map(([path, group]) => ({
    pattern: new RegExp(`^${escapePattern(path).replace(/\{\w+\}/g, "[^/]+")}$`),
    methods: group.map((route) => route.operation.method),
  }));
}

/** Braces are left alone, because templates use them. */
function escapePattern(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
}
