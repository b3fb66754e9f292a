import type { IncomingMessage, ServerResponse } from "node:http";
import type { HeaderReader } from "@claviger/core";
import type { Facts, Passage } from "./guard.ts";
import type { PassedUse } from "./passed-use.ts";
import { CACHING, exposed, isForOneKey, NOT_SHARED } from "./refusal.ts";

/** What `node:http`, and so Express and Fastify, know of a request. */
export function nodeFacts(request: IncomingMessage, target: string): Facts {
  return {
    method: request.method ?? "GET",
    target,
    headers: headersOf(request),
    peer: request.socket.remoteAddress,
  };
}

const AUTHORIZATION = "authorization";
const EXPOSE = "Access-Control-Expose-Headers";

function headersOf(request: IncomingMessage): HeaderReader {
  const { headers } = request;
  return {
    get: (name) => {
      const value = name === AUTHORIZATION ? authorizationOf(request) : headers[name];
      return value === undefined ? null : String(value);
    },
  };
}

/** Of this header node:http keeps the first, and whoever stands in front may have read the last: together they are no key. */
function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) seen += 1;
  }
  return seen > 1 ? `${headers.authorization}, …` : headers.authorization;
}

/** A response whose headers are still to be sent, as `node:http` has it. */
interface Unsent {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
}

/** The headers of a passage, into a response that somebody else will send. */
export function setHeaders(passage: Passage, request: IncomingMessage, response: Unsent): void {
  const { headers } = passage;
  for (const name in headers) response.setHeader(name, headers[name] ?? "");
  if (isForOneKey(passage) && response.getHeader(CACHING) === undefined) response.setHeader(CACHING, NOT_SHARED);
  if (request.headers.origin === undefined) return;
  const already = response.getHeader(EXPOSE);
  const names = exposed(headers, already === undefined ? null : String(already));
  if (names !== "") response.setHeader(EXPOSE, names);
}

/** Writes a refusal, or the headers of a request that passes. Returns whether it passes. */
export function passOn(
  passage: Passage,
  request: IncomingMessage,
  response: ServerResponse,
): passage is Passage & { readonly pass: true } {
  setHeaders(passage, request, response);
  if (passage.pass) {
    whenAnswered(response, passage.use);
    return true;
  }
  response.statusCode = passage.status;
  response.end(passage.body);
  return false;
}

const USES = Symbol("claviger.uses");

/** A response with the uses that are to be told of it: several where a request passed several middlewares. */
type Awaited = ServerResponse & { [USES]?: PassedUse[] };

/** Tells the use once the response is sent. */
export function whenAnswered(response: Awaited, use: PassedUse | null): void {
  if (use === null) return;
  const others = response[USES];
  if (others !== undefined) others.push(use);
  else {
    response[USES] = [use];
    response.on("close", tellAnswer);
  }
}

/** The same function for all responses. One whose caller has gone before there was an answer has none. */
function tellAnswer(this: Awaited): void {
  if (this.headersSent) for (const use of this[USES] ?? []) use.ended(this.statusCode);
}

/** Runs what may answer at once or later; `fail` is told of what it throws, but not of what `done` throws. */
export function settle<T>(run: () => T | Promise<T>, done: (value: T) => void, fail: (error: unknown) => void): void {
  let value: T | Promise<T>;
  try {
    value = run();
  } catch (error) {
    fail(error);
    return;
  }
  if (value instanceof Promise) value.then(done, fail);
  else done(value);
}
