import type { IncomingMessage, ServerResponse } from "node:http";
import type { Operation } from "@claviger/contract";
import type { SourceAddress } from "@claviger/core";
import type { Source } from "../kernel/act.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/log.ts";
import type { ManagementPrincipal } from "../kernel/principal.ts";
import type { Answer, Call, Route } from "../kernel/route.ts";
import type { Watch, Watched } from "../kernel/watch.ts";
import { type AccessPorts, peekManagement } from "../modules/access/index.ts";
import { answerOfError, settled } from "./app.ts";
import { sendAnswer } from "./hot-answer.ts";
import { parseBody, takeBody } from "./hot-body.ts";
import { type HotHeaders, readHotHeaders } from "./hot-headers.ts";
import { createHotQueries } from "./hot-query.ts";
import { BODY_LIMIT } from "./read-body.ts";

export interface HotPorts {
  readonly access: AccessPorts;
  readonly routes: readonly Route[];
  readonly sourceAddress: SourceAddress;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly watch: Watch;
}

type HotPath = (request: IncomingMessage, response: ServerResponse) => boolean;

const HOT: ReadonlySet<string> = new Set([
  "verification.verify",
  "verification.verify-batch",
  "verification.authorize",
]);
const JSON_TYPE = /^application\/json *(;|$)/;
const BEARER = "Bearer ";
const NONE = {};

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
    if (request.method !== method || request.url !== path) return false;
    const headers = readHotHeaders(request.rawHeaders);
    if (headers === null) return false;
    const length = Number(headers.get("content-length"));
    const authorization = headers.get("authorization");
    const plain =
      length > 0 && length <= BODY_LIMIT && isJson(headers.get("content-type")) && headers.get("x-api-key") === null;
    if (!plain || authorization === null || !authorization.startsWith(BEARER)) return false;
    const ip = sourceOf(ports, request, headers);
    const principal = peekManagement(ports.access, authorization.slice(BEARER.length), ip, "verify");
    if (principal === null) return false;
    const watched = ports.watch.begin(route.operation, headers);
    takeBody(request, length, (bytes) => {
      const { operation } = route;
      answer({ ports, watched }, route, request, response, () => ({
        principal,
        ip,
        headers,
        query: NONE,
        body: parseBody(operation, bytes),
      }));
    });
    return true;
  };
}

function createAuthorizePath(ports: HotPorts, route: Route): HotPath {
  const { method } = route.operation;
  const queryOf = createHotQueries(route.operation);
  return (request, response) => {
    if (request.method !== method) return false;
    const headers = readHotHeaders(request.rawHeaders);
    const credential = headers?.get("claviger-credential") ?? null;
    if (headers === null || credential === null) return false;
    const query = queryOf(request.url ?? "");
    if (query === undefined) return false;
    const ip = sourceOf(ports, request, headers);
    const principal = peekManagement(ports.access, credential, ip, "verify");
    if (principal === null) return false;
    const watched = ports.watch.begin(route.operation, headers);
    answer({ ports, watched }, route, request, response, () => ({ principal, ip, headers, query, body: undefined }));
    return true;
  };
}

function isJson(type: string | null): boolean {
  return type === "application/json" || (type !== null && JSON_TYPE.test(type));
}

function sourceOf(ports: HotPorts, { socket }: IncomingMessage, headers: HotHeaders): string | null {
  return ports.sourceAddress(socket.remoteAddress, headers.get("x-forwarded-for"));
}

interface Asked {
  readonly principal: ManagementPrincipal;
  readonly ip: string | null;
  readonly headers: HotHeaders;
  readonly query: unknown;
  readonly body: unknown;
}

/** Answers with what the route gives, or with what it or `ask` throws. */
function answer(
  { ports, watched }: { readonly ports: HotPorts; readonly watched: Watched },
  route: Route,
  { url = "" }: IncomingMessage,
  response: ServerResponse,
  ask: () => Asked,
): void {
  const requestId = ports.ids.make("req");
  const send = (given: Answer): void => {
    watched.answered(given.status);
    sendAnswer(response, requestId, given);
  };
  const fail = (error: unknown): void => send(answerOfError(ports, error, route, url, requestId));
  try {
    const given = watched.within(() => route.handle(callOf(ask(), requestId)));
    if (given instanceof Promise) given.then((late) => send(settled(late, route, url))).catch(fail);
    else send(settled(given, route, url));
  } catch (error) {
    fail(error);
  }
}

function callOf({ principal, ip, headers, query, body }: Asked, requestId: string): Call<Operation> {
  const source: Source = { via: "api", ip, userAgent: null, requestId };
  const call = { params: undefined, query, body, principal, source, idempotency: undefined, headers };
  return call as unknown as Call<Operation>;
}
