import type { Secret } from "@claviger/core";
import createFetchClient from "openapi-fetch";
import type { Clock } from "../clock.ts";
import type { paths } from "../generated/schema.ts";
import type { Random } from "../random.ts";
import type { Authorized, Call } from "./call.ts";
import { ClavigerApiError, ClavigerConnectionError } from "./errors.ts";
import { pause, pauseBefore, type RetrySettings, retryAfterOf } from "./retry.ts";

export interface TransportParts extends RetrySettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly managementKey: Secret;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: typeof globalThis.fetch;
}

/** Carries a call out and gives what it answered. Throws ClavigerApiError, ClavigerConnectionError, or the reason of the caller's signal. */
export type Transport = (call: Call) => Promise<unknown>;

/** What openapi-fetch does, for paths that are only known when it runs. */
type Request = (
  method: string,
  path: string,
  init: object,
) => Promise<{ readonly data?: unknown; readonly error?: unknown; readonly response: Response }>;

export function createTransport(parts: TransportParts): Transport {
  const client = createFetchClient<paths>({
    baseUrl: parts.url,
    fetch: (request) => parts.fetch(request),
    redirect: "error",
  });
  const request = client.request as unknown as Request;
  return async (call) => {
    const { operation, options } = call;
    const reads = operation.method === "GET" && operation.caller !== "proxy";
    const safe = reads || (operation.takesIdempotencyKey && options.idempotencyKey !== undefined);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(parts, request, call);
      } catch (error) {
        const wait = pauseBefore(attempt, error, safe, parts, parts.random);
        if (wait === null) throw error;
        await pause(wait, options.signal);
      }
    }
  };
}

/** Throws TypeError for what is no list. */
function asLines(lines: unknown): string {
  if (!Array.isArray(lines)) throw new TypeError("lines must be a list");
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

async function attemptOnce(parts: TransportParts, request: Request, call: Call): Promise<unknown> {
  const { operation, options } = call;
  const timeoutMs = options.timeoutMs ?? parts.timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  const parseAs =
    operation.answers === "pages" ? "json" : operation.answers === "bytes" ? "arrayBuffer" : operation.answers;
  let answer: Awaited<ReturnType<Request>>;
  try {
    answer = await request(operation.method, operation.path, {
      params: { path: call.path, query: call.query },
      headers: headersOf(parts, call),
      body: call.body,
      ...(operation.takesLines === true ? { bodySerializer: asLines } : {}),
      parseAs,
      signal,
    });
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw connectionError(operation.id, error, timeout.aborted ? timeoutMs : null);
  }
  const { data, error, response } = answer;
  if (!response.ok) throw apiError(parts, call, response, error);
  if (operation.caller === "proxy") return authorizedOf(response.headers);
  return operation.answers === "bytes" ? new Uint8Array(data as ArrayBuffer) : data;
}

function headersOf({ managementKey }: TransportParts, call: Call): Readonly<Record<string, string>> {
  const { operation, holder, proxied, options } = call;
  const headers: Record<string, string> = {};
  if (options.idempotencyKey !== undefined && operation.takesIdempotencyKey)
    headers["Idempotency-Key"] = options.idempotencyKey;
  if (options.ifMatch !== undefined && operation.takesIfMatch === true) headers["If-Match"] = options.ifMatch;
  if (operation.caller === "management") headers.Authorization = `Bearer ${managementKey.reveal()}`;
  if (holder !== undefined) headers.Authorization = `Bearer ${holder}`;
  if (proxied !== undefined) {
    headers["Claviger-Credential"] = managementKey.reveal();
    headers.Authorization = `Bearer ${proxied.key}`;
    headers["X-Original-Method"] = proxied.method;
    headers["X-Original-URI"] = proxied.path;
  }
  if (operation.takesLines === true) headers["Content-Type"] = "application/x-ndjson";
  return headers;
}

function authorizedOf(headers: Headers): Authorized {
  return {
    keyId: headers.get("x-key-id") ?? "",
    account: headers.get("x-account-id") ?? "",
    scopes: (headers.get("x-scopes") ?? "").split(" ").filter((name) => name !== ""),
  };
}

/** What `fetch` threw is not passed on: what it holds depends on who made it. */
function connectionError(operation: string, error: unknown, timedOutAfter: number | null): ClavigerConnectionError {
  if (timedOutAfter !== null)
    return new ClavigerConnectionError(operation, "TIMEOUT", `none within ${timedOutAfter} ms`);
  if (error instanceof SyntaxError) return new ClavigerConnectionError(operation, "NOT_JSON", "what came is not JSON");
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : "";
  const known = typeof code === "string" && /^[A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : "";
  return new ClavigerConnectionError(operation, "CONNECTION", `no connection${known}`);
}

/** A stranger at that address may send back whatever it was sent, so secrets are taken out of what it says. */
function apiError(parts: TransportParts, call: Call, response: Response, body: unknown): ClavigerApiError {
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  let text = JSON.stringify(isObject ? body : {});
  for (const secret of [parts.managementKey.reveal(), call.holder, call.proxied?.key]) {
    if (secret !== undefined) text = text.replaceAll(JSON.stringify(secret).slice(1, -1), "***");
  }
  const wait = retryAfterOf(response.headers.get("retry-after"), parts.clock.wall());
  return new ClavigerApiError(call.operation.id, response.status, JSON.parse(text) as Record<string, unknown>, wait);
}
