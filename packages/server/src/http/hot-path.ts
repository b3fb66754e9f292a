import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeaderReader, SourceAddress } from "@claviger/core";
import type { Source } from "../kernel/act.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/log.ts";
import type { ManagementPrincipal } from "../kernel/principal.ts";
import type { Answer, Call, Route } from "../kernel/route.ts";
import { type AccessPorts, peekManagement } from "../modules/access/index.ts";
import { answerOfError, settled } from "./app.ts";
import { sendAnswer } from "./hot-answer.ts";
import { parseBody, takeBody } from "./hot-body.ts";
import { createHotQueries } from "./hot-query.ts";
import { BODY_LIMIT } from "./read-body.ts";

export interface HotPorts {
  readonly access: AccessPorts;
  readonly routes: readonly Route[];
  readonly sourceAddress: SourceAddress;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly answered: (operation: string, status: number) => void;
}

type HotPath = (request: IncomingMessage, response: ServerResponse) => boolean;

const HOT: ReadonlySet<string> = new Set([
  "verification.verify",
  "verification.verify-batch",
  "verification.authorize",
]);
const JSON_TYPE = /^application\/json *(;|$)/;
const AUTHORIZATION = "authorization";
const BEARER = "Bearer ";

/**
 * Verification straight on node:http, ahead of the router: a Web `Request` alone costs more than a verdict. It takes the plain case only,
 * a credential that memory knows and a body of stated length, and leaves everything else, untouched, to the router, which
 * answers by the same routes. Returns whether it took the request.
 */
export function createHotPath(ports: HotPorts): HotPath {
  const paths = new Map<string, HotPath>();
  for (const route of ports.routes.filter(({ operation }) => HOT.has(operation.id))) {
    const { method, path } = route.operation;
    paths.set(path, method === "GET" ? createAuthorizePath(ports, route) : createVerifyPath(ports, route));
  }
  return (request, response) => {
    const target = request.url ?? "";
    const queryAt = target.indexOf("?");
    const path = paths.get(queryAt < 0 ? target : target.slice(0, queryAt));
    return path?.(request, response) ?? false;
  };
}

function createVerifyPath(ports: HotPorts, route: Route): HotPath {
  const { method, path } = route.operation;
  return (request, response) => {
    const { headers } = request;
    const length = Number(headers["content-length"]);
    const plain =
      request.method === method &&
      request.url === path &&
      length > 0 &&
      length <= BODY_LIMIT &&
      isJson(headers["content-type"]) &&
      headers["x-api-key"] === undefined;
    const { authorization } = headers;
    if (!plain || authorization === undefined || !authorization.startsWith(BEARER)) return false;
    const ip = sourceOf(ports, request);
    const principal = verifier(ports, request, authorization.slice(BEARER.length), ip);
    if (principal === null) return false;
    takeBody(request, length, (bytes) => {
      const source = { via: "api", ip, userAgent: null, requestId: ports.ids.make("req") } as const;
      respond(ports, route, request, response, source.requestId, () =>
        route.handle(callOf(request, principal, source, {}, parseBody(route.operation, bytes))),
      );
    });
    return true;
  };
}

function createAuthorizePath(ports: HotPorts, route: Route): HotPath {
  const { method } = route.operation;
  const queryOf = createHotQueries(route.operation);
  return (request, response) => {
    const credential = request.headers["claviger-credential"];
    if (request.method !== method || typeof credential !== "string") return false;
    const query = queryOf(request.url ?? "");
    if (query === undefined) return false;
    const ip = sourceOf(ports, request);
    const principal = verifier(ports, request, credential, ip);
    if (principal === null) return false;
    const source = { via: "api", ip, userAgent: null, requestId: ports.ids.make("req") } as const;
    respond(ports, route, request, response, source.requestId, () =>
      route.handle(callOf(request, principal, source, query, undefined)),
    );
    return true;
  };
}

function isJson(type: string | undefined): boolean {
  return type === "application/json" || (type !== undefined && JSON_TYPE.test(type));
}

/** The credential, where memory knows it and it may verify. */
function verifier(
  ports: HotPorts,
  request: IncomingMessage,
  secret: string,
  ip: string | null,
): ManagementPrincipal | null {
  return repeatsHeader(request) ? null : peekManagement(ports.access, secret, ip, "verify");
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
  { headers }: IncomingMessage,
  principal: ManagementPrincipal,
  source: Source,
  query: unknown,
  body: unknown,
): Parameters<Route["handle"]>[0] {
  const reader: HeaderReader = {
    get: (name) => {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
  const call = { params: undefined, query, body, principal, source, idempotency: undefined, headers: reader };
  return call as unknown as Call<Route["operation"]>;
}

/** Answers with what `handle` gives, or with what it throws. */
function respond(
  ports: HotPorts,
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  handle: () => Answer | Promise<Answer>,
): void {
  const url = request.url ?? "";
  const send = (answer: Answer): void => {
    ports.answered(route.operation.id, answer.status);
    sendAnswer(response, requestId, answer);
  };
  const settle = (given: Answer): void => send(settled(given, route, url));
  const fail = (error: unknown): void => send(answerOfError(ports, error, route, url, requestId));
  try {
    const given = handle();
    if (given instanceof Promise) given.then(settle).catch(fail);
    else settle(given);
  } catch (error) {
    fail(error);
  }
}
