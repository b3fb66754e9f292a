import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { pick, verificationOperations } from "@claviger/contract";
import {
  ClavigerError,
  forNginx,
  type HeaderReader,
  originalRequest,
  problemHeaders,
  problemType,
} from "@claviger/core";
import { createGuard, type Facts, type Verification, type Verifier } from "@claviger/sdk";

export interface SidecarOptions {
  readonly verifier: Verifier;
  /** Addresses and CIDR ranges of the proxies in front, whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

type Handler = (request: IncomingMessage, query: URLSearchParams) => Answer | Promise<Answer>;

/** Bytes of a body at most: a batch of 1 000 checks fits. */
const BODY_LIMIT = 2_000_000;
const JSON_HEADERS = Object.freeze({ "Content-Type": "application/json", "Cache-Control": "no-store" });
/** Long enough to be looked at, and no key: what is told of it is whether anything can be told. */
const NO_KEY = "-".repeat(46);
const VERIFY = pick(verificationOperations, "verification.verify");
const BATCH = pick(verificationOperations, "verification.verify-batch");
type Check = ReturnType<typeof VERIFY.body.parse>;

/**
 * A verifier for services in other languages: the same answers as `POST /v1/verify`, `/v1/verify/batch` and `/v1/authorize` of
 * a node, from this process's memory. Whoever reaches it may verify; it takes no credential, so it listens on this machine.
 */
export function createSidecar(options: SidecarOptions): RequestListener {
  const { verifier } = options;
  const authorize = authorizer(options);
  const handlers: Readonly<Record<string, Handler>> = {
    "GET /healthz": () => ({ status: 200, headers: JSON_HEADERS, body: '{"status":"ok"}' }),
    "GET /readyz": async () => readiness(await verifier.verify(NO_KEY)),
    "POST /v1/verify": async (request) => json(await verify(verifier, parsed(VERIFY.body, await readBody(request)))),
    "POST /v1/verify/batch": async (request) => {
      const { checks } = parsed(BATCH.body, await readBody(request));
      const results = [];
      for (const check of checks) results.push(await verify(verifier, check));
      return json({ results });
    },
    "GET /v1/authorize": authorize,
    "POST /v1/authorize": authorize,
  };
  return (request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    const handler = Object.hasOwn(handlers, `${request.method} ${path}`) ? handlers[`${request.method} ${path}`] : null;
    const nginx = path === "/v1/authorize" && new URLSearchParams(query).get("proxy") === "nginx";
    const settle = (answer: Answer): void => send(response, nginx ? forNginx(answer) : answer);
    const handled = async (): Promise<Answer> => {
      if (handler === null || handler === undefined) throw new ClavigerError("NOT_FOUND");
      return handler(request, new URLSearchParams(query));
    };
    handled().then(settle, (error: unknown) => settle(problemOf(error)));
  };
}

function readiness({ code }: Verification): Answer {
  const ready = code !== "UNAVAILABLE";
  return { status: ready ? 200 : 503, headers: JSON_HEADERS, body: JSON.stringify({ ready }) };
}

async function verify(verifier: Verifier, check: Check): Promise<Verification> {
  const { key, environment, ...request } = check;
  if (environment !== undefined && environment !== verifier.environment) {
    throw new ClavigerError("FORBIDDEN", { publicDetail: "The verifier is bound to another environment." });
  }
  return verifier.verify(key, request);
}

/** Forward authentication (C2), with the headers that a node answers with. */
function authorizer({ verifier, trustedProxies }: SidecarOptions): Handler {
  const guard = createGuard<Facts>(verifier, { realm: "claviger", trustedProxies });
  return async (request, query) => {
    const headers = headersOf(request);
    const proxy = query.get("proxy") === "nginx" ? "nginx" : undefined;
    const { method, uri } = originalRequest(headers, proxy);
    const facts: Facts = { method, target: uri, headers, peer: request.socket.remoteAddress };
    const passage = await guard(facts, facts);
    if (!passage.pass) return passage;
    const { key } = passage;
    if (key === undefined) throw new ClavigerError("UNAVAILABLE");
    const scopes = [...(key.tier === null ? [] : [key.tier]), ...key.scopes].join(" ");
    const who = { "X-Key-Id": key.keyId, "X-Account-Id": key.account, "X-Scopes": scopes };
    return { status: 204, headers: { ...passage.headers, ...who } };
  };
}

function headersOf({ headers }: IncomingMessage): HeaderReader {
  return {
    get: (name) => {
      const value = headers[name];
      return value === undefined ? null : String(value);
    },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new ClavigerError("PAYLOAD_TOO_LARGE");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch {
    throw new ClavigerError("MALFORMED_JSON");
  }
}

function parsed<T>(schema: { safeParse(value: unknown): Parsed<T> }, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
  throw new ClavigerError("VALIDATION_FAILED", { errors });
}

type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | {
      readonly success: false;
      readonly error: {
        readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
      };
    };

function json(value: unknown): Answer {
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

function problemOf(error: unknown): Answer {
  const problem = error instanceof ClavigerError ? error : new ClavigerError("INTERNAL", { cause: error });
  return {
    status: problem.status,
    headers: { ...JSON_HEADERS, ...problemHeaders(problem, "claviger"), "Content-Type": "application/problem+json" },
    body: JSON.stringify({ type: problemType(problem.code), ...problem.toJSON() }),
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, headers).end(body);
}
