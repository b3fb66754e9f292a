import type { Operation } from "@claviger/contract";
import type { Secret } from "@claviger/core";
import { EXIT } from "../exit-codes.ts";
import { Failure, oneLine } from "../failure.ts";
import { isObject } from "../input/json-value.ts";
import { type Exchange, exchange } from "./exchange.ts";
import type { Service } from "./service.ts";

export interface ApiRequest {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Undefined where the operation takes none. */
  readonly body: unknown;
  /** Of an operation that takes lines: they, and their media type. */
  readonly lines?: { readonly type: string; readonly text: string };
  /** Sent as `Authorization: Bearer`; null where nobody has to be known. */
  readonly bearer: Secret | null;
  readonly idempotencyKey: string | undefined;
  readonly ifMatch?: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  /** As it came over the wire. */
  readonly text: string;
  readonly body: unknown;
}

/** What the service answers where it refuses: RFC 9457. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly status: number;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

/** A refusal of the service, with its document as it came. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  readonly text: string;
  constructor(problem: Problem, text: string) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "ApiProblem";
    this.problem = problem;
    this.text = text;
  }
}

/** Longer than the service itself waits for anything. */
const ANSWER_WITHIN_MS = 60_000;

/** An answer that is taken piece by piece may be as long as it likes. */
const STREAM_WITHIN_MS = 3_600_000;

/** What the operation answers where it succeeds, if that is no JSON. */
export function plainTypeOf({ responses }: Operation): string | null {
  return Object.values(responses).flatMap(({ contentType }) => contentType ?? [])[0] ?? null;
}

/**
 * Calls an operation whose answer is no JSON, and hands it on as it comes. Throws as `callApi`; also where the answer is cut off, when
 * pieces of it have been handed on.
 */
export async function streamApi(
  service: Service,
  request: ApiRequest,
  onPiece: (text: string) => Promise<void>,
): Promise<void> {
  const { status, text } = await send(service, request, { withinMs: STREAM_WITHIN_MS, onPiece });
  if (status >= 200 && status < 300) return;
  const problem = problemOf(status, parse(text));
  if (problem !== null) throw new ApiProblem(problem, text);
  throw unreachable(service, `answered ${status}, but not as a Claviger does`);
}

/** Calls one operation. Throws `ApiProblem` where the service refuses, `Failure` 69 where it cannot be reached. */
export async function callApi(service: Service, request: ApiRequest): Promise<ApiAnswer> {
  const { status, text } = await send(service, request);
  const body = parse(text);
  if (status >= 200 && status < 300 && body !== undefined) return { status, text, body };
  const problem = problemOf(status, body);
  if (problem !== null) throw new ApiProblem(problem, text);
  throw unreachable(service, `answered ${status}, but not as a Claviger does`);
}

async function send(
  service: Service,
  request: ApiRequest,
  how: Pick<Exchange, "withinMs" | "onPiece"> = { withinMs: ANSWER_WITHIN_MS },
): Promise<{ status: number; text: string }> {
  const { operation, bearer, body, lines, idempotencyKey, ifMatch } = request;
  const headers = {
    accept: plainTypeOf(operation) ?? "application/json",
    "user-agent": "claviger-cli",
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer.reveal()}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(lines === undefined ? {} : { "content-type": lines.type }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
  };
  try {
    return await exchange(new URL(`${service.url}${pathOf(operation, request.params)}${queryOf(request.query)}`), {
      ...{ method: operation.method, headers, ...how },
      body: lines?.text ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (error) {
    throw unreachable(service, reasonOf(error));
  }
}

function pathOf(operation: Operation, params: Readonly<Record<string, string>>): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return set.length === 0
    ? ""
    : `?${new URLSearchParams(set.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function problemOf(status: number, body: unknown): Problem | null {
  if (!isObject(body) || typeof body.code !== "string" || typeof body.detail !== "string") return null;
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  return {
    status,
    code: body.code,
    detail: body.detail,
    requestId: String(body.requestId ?? ""),
    errors: errors.map(({ path, message }) => ({ path: String(path ?? ""), message: String(message ?? "") })),
  };
}

function unreachable(service: Service, reason: string): Failure {
  return new Failure(
    EXIT.unavailable,
    `CLAVIGER_URL: ${service.url} ${reason}; must be the address of a running Claviger`,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refuses connections",
  ECONNRESET: "broke the connection",
  ENOTFOUND: "has an unknown host",
  EAI_AGAIN: "has a host that cannot be looked up now",
  ETIMEDOUT: "does not answer",
};

function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  if (inner instanceof Error && inner.name === "AbortError")
    return `did not answer within ${ANSWER_WITHIN_MS / 1_000} s`;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  return REASONS[code] ?? `cannot be reached: ${oneLine(inner instanceof Error ? inner.message : String(inner))}`;
}
