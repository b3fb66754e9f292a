import type { BodyOf, LineOf, Operation, ParamsOf, QueryOf } from "@claviger/contract";
import type { HeaderReader } from "@claviger/core";
import type { Tx } from "../db/index.ts";
import type { Acting, Actor, Source } from "./act.ts";
import type { Idempotency } from "./idempotency.ts";
import type { HolderPrincipal, ManagementPrincipal, Principal } from "./principal.ts";

type PrincipalOf<T extends Operation> = T["access"]["kind"] extends "management"
  ? ManagementPrincipal
  : T["access"]["kind"] extends "holder"
    ? HolderPrincipal
    : Principal;

export interface SentLines<Line> {
  /** The media type, one of those that the operation takes. */
  readonly type: string;
  readonly stream: ReadableStream<Uint8Array> | null;
  /** A line by the contract's schema. Throws VALIDATION_FAILED. */
  parse(value: unknown): Line;
}

/** One request after the door: authenticated, allowed, and parsed by the contract's schemas. */
export interface Call<T extends Operation> {
  readonly params: ParamsOf<T>;
  readonly query: QueryOf<T>;
  readonly body: BodyOf<T>;
  readonly principal: PrincipalOf<T>;
  readonly source: Source;
  readonly idempotency: Idempotency | undefined;
  readonly headers: HeaderReader;
  /** What is sent to an operation that takes lines. */
  readonly sent: SentLines<LineOf<T>>;
}

export interface Answer {
  readonly status: number;
  /** JSON unless `contentType` says otherwise; then a string. */
  readonly body?: unknown;
  /** The body as JSON text, where it was written already; then there is no `body`. */
  readonly json?: string;
  /** The body in pieces, each made when it is wanted; then there is no other. Where one fails, the connection is cut. */
  readonly stream?: ReadableStream<Uint8Array>;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly operation: Operation;
  handle(call: Call<Operation>): Answer | Promise<Answer>;
  /** Told of each 503 that was raised; what is answered instead, where the contract has a form of its own for that. */
  readonly whenUnavailable?: () => Answer | undefined;
}

/** Binds an operation of the contract to what carries it out; the call is typed by the operation's schemas. */
export function route<T extends Operation>(operation: T, handle: (call: Call<T>) => Answer | Promise<Answer>): Route {
  return { operation, handle: handle as unknown as Route["handle"] };
}

export function actorOf(principal: Principal): Actor {
  switch (principal.kind) {
    case "management":
      return { type: "management-key", id: principal.keyId };
    case "holder":
      return { type: "key", id: principal.keyId };
    case "public":
      return { type: "system", id: "public" };
    default:
      return principal satisfies never;
  }
}

/** What an act needs to know of a call. `render` shows the outcome and must leave secrets out. */
export function actingOf<T>(
  call: Pick<Call<Operation>, "source" | "idempotency"> & { readonly principal: Principal },
  render: (value: T, tx: Tx) => Promise<unknown>,
): Acting<T> {
  return { actor: actorOf(call.principal), source: call.source, idempotency: call.idempotency, render };
}
