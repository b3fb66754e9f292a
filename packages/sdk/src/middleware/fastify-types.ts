import type { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedKey } from "../verifier/verification.ts";

/** What the middleware needs of Fastify, so that this package need not bring Fastify along. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  claviger?: VerifiedKey | null | undefined;
}

export interface FastifyReplyLike {
  readonly raw: ServerResponse;
  getHeader(name: string): unknown;
  header(name: string, value: string): unknown;
  code(status: number): unknown;
  send(body: string): unknown;
}

type Hook<R> = (request: R, reply: FastifyReplyLike, next: (error?: Error) => void) => void;

export interface FastifyLike<R> {
  hasRequestDecorator(name: string): boolean;
  decorateRequest(name: string, value: null): unknown;
  addHook(name: "onRequest", hook: Hook<R>): unknown;
}
