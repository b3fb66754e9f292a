import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "@claviger/contract";
import type { HeaderReader, SourceAddress } from "@claviger/core";
import type { Ids } from "../kernel/ids.ts";
import type { ManagementPrincipal } from "../kernel/principal.ts";
import type { Answer, Call, Route } from "../kernel/route.ts";
import { type AccessPorts, peekManagement } from "../modules/access/index.ts";
import { parseWith } from "./parse-call.ts";
import { BODY_LIMIT, parseJson } from "./read-body.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

export interface HotPorts {
  readonly access: AccessPorts;
  readonly routes: readonly Route[];
  readonly sourceAddress: SourceAddress;
  readonly ids: Ids;
  /** Any error of an operation, as its answer. */
  readonly problemFor: (error: unknown, operation: string, requestId: string) => Answer;
  readonly answered: (operation: string, status: number) => void;
}

const HOT: ReadonlySet<string> = new Set([
  "verification.verify",
  "verification.verify-batch",
  "verification.authorize",
]);
const JSON_TYPE = /^application\/json *(;|$)/;
const AUTHORIZATION = "authorization";
const HEADERS = Object.entries({ ...SECURITY_HEADERS, "Content-Type": "application/json" }).flat();

/**
 * Verification straight on node:http, ahead of the router: a Web `Request` alone costs more than a verdict. It takes the plain case only,
 * a credential that memory knows and a body of stated length, and leaves everything else, untouched, to the router, which
 * answers by the same routes. Returns whether it took the request.
 */
export function createHotPath(ports: HotPorts): (request: IncomingMessage, response: ServerResponse) => boolean {
  const routes = new Map(
    ports.routes
      .filter((route) => HOT.has(route.operation.id))
      .map((route) => [`${route.operation.method} ${route.operation.path}`, route]),
  );
  return (request, response) => {
    const target = request.url ?? "";
    const queryAt = target.indexOf("?");
    const route = routes.get(`${request.method} ${queryAt < 0 ? target : target.slice(0, queryAt)}`);
    if (route === undefined) return false;
    if (route.operation.method === "GET") return answerAuthorize(ports, route, request, response, queryAt);
    return queryAt < 0 && answerVerify(ports, route, request, response);
  };
}

function answerVerify(ports: HotPorts, route: Route, request: IncomingMessage, response: ServerResponse): boolean {
  const { headers } = request;
  const length = Number(headers["content-length"]);
  const plain = length > 0 && length <= BODY_LIMIT && JSON_TYPE.test(headers["content-type"] ?? "");
  if (!plain || headers["x-api-key"] !== undefined) return false;
  const authorization = headers.authorization ?? "";
  const principal = authorization.startsWith("Bearer ")
    ? verifier(ports, request, authorization.slice("Bearer ".length))
    : null;
  if (principal === null) return false;
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [only] = chunks;
    const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    const requestId = ports.ids.make("req");
    respond(ports, route, response, requestId, () =>
      route.handle(callOf(ports, request, route.operation, principal, parseJson(bytes), requestId)),
    );
  });
  return true;
}

function answerAuthorize(
  ports: HotPorts,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  queryAt: number,
): boolean {
  const credential = request.headers["claviger-credential"];
  if (queryAt >= 0 || typeof credential !== "string") return false;
  const principal = verifier(ports, request, credential);
  if (principal === null) return false;
  const requestId = ports.ids.make("req");
  respond(ports, route, response, requestId, () =>
    route.handle(callOf(ports, request, route.operation, principal, undefined, requestId)),
  );
  return true;
}

/** The credential, where memory knows it and it may verify. */
function verifier(ports: HotPorts, request: IncomingMessage, secret: string): ManagementPrincipal | null {
  if (repeatsHeader(request)) return null;
  return peekManagement(ports.access, secret, sourceOf(ports, request), "verify");
}

/** node:http keeps the first of some headers that come twice; whoever stands in front may have read the last. */
function repeatsHeader({ rawHeaders }: IncomingMessage): boolean {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) seen += 1;
  }
  return seen > 1;
}

function sourceOf(ports: HotPorts, request: IncomingMessage): string | null {
  const forwarded = request.headers["x-forwarded-for"];
  return ports.sourceAddress(request.socket.remoteAddress, forwarded === undefined ? null : String(forwarded));
}

function callOf(
  ports: HotPorts,
  request: IncomingMessage,
  operation: Operation,
  principal: ManagementPrincipal,
  body: unknown,
  requestId: string,
): Call<Operation> {
  const { headers } = request;
  const reader: HeaderReader = {
    get: (name) => {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
  const ip = operation.method === "GET" ? sourceOf(ports, request) : null;
  const call = {
    params: undefined,
    query: {},
    body: operation.body === undefined ? undefined : parseWith(operation.body, body),
    principal,
    source: { via: "api", ip, userAgent: null, requestId },
    idempotency: undefined,
    headers: reader,
  };
  return call as unknown as Call<Operation>;
}

function respond(
  ports: HotPorts,
  route: Route,
  response: ServerResponse,
  requestId: string,
  handle: () => Answer | Promise<Answer>,
): void {
  const settle = (answer: Answer): void => send(ports, route, response, requestId, answer);
  const fail = (error: unknown): void => settle(ports.problemFor(error, route.operation.id, requestId));
  try {
    const answer = handle();
    if (answer instanceof Promise) answer.then(settle).catch(fail);
    else settle(answer);
  } catch (error) {
    fail(error);
  }
}

function send(ports: HotPorts, route: Route, response: ServerResponse, requestId: string, answer: Answer): void {
  ports.answered(route.operation.id, answer.status);
  if (response.destroyed || response.headersSent) return;
  const body = answer.body === undefined ? "" : JSON.stringify(answer.body);
  if (answer.headers === undefined && answer.contentType === undefined) {
    const length = String(Buffer.byteLength(body));
    response.writeHead(answer.status, [...HEADERS, "X-Request-Id", requestId, "Content-Length", length]).end(body);
    return;
  }
  const headers: Record<string, string | number> = {
    ...SECURITY_HEADERS,
    "X-Request-Id": requestId,
    ...answer.headers,
  };
  if (answer.status !== 204) {
    headers["Content-Type"] = answer.contentType ?? "application/json";
    headers["Content-Length"] = Buffer.byteLength(body);
  }
  response.writeHead(answer.status, headers).end(answer.status === 204 ? undefined : body);
}
