import type { Operation } from "@claviger/contract";
import { ClavigerError, presentedKey } from "@claviger/core";
import type { Source } from "../kernel/act.ts";
import { parseWith } from "../kernel/parse-with.ts";
import type { Principal } from "../kernel/principal.ts";
import type { Answer, Call, Route } from "../kernel/route.ts";
import { type AccessPorts, authenticateHolder, authenticateManagement } from "../modules/access/index.ts";
import { idempotencyOf, queryObject } from "./parse-call.ts";
import { readJson } from "./read-body.ts";

/** Authenticates, checks the scope, parses by the contract, and hands the call to the module. Throws ClavigerError. */
export async function handleCall(
  access: AccessPorts,
  route: Route,
  request: Request,
  params: Readonly<Record<string, string>>,
  source: Source,
): Promise<Answer> {
  const { operation } = route;
  const principal = await authenticate(access, operation, request, source.ip);
  const url = new URL(request.url);
  refuseBrokenEncoding(url.pathname);
  const parsedParams = parseWith(operation.params, params);
  const query = parseWith(operation.query, queryObject(url));
  const sent = {
    type: mediaTypeOf(operation, request),
    // Where nobody asks for it, the server deals with what is left of a body.
    get stream() {
      return request.body;
    },
    parse: (value: unknown) => parseWith(operation.lines?.schema, value),
  };
  const body = await readBody(operation, request);
  const call = {
    params: parsedParams,
    query,
    body: parseWith(operation.body, body.value),
    principal,
    source,
    // What takes lines is named by its key and goes on where it was, which is no replay.
    idempotency:
      operation.lines === undefined
        ? idempotencyOf(
            operation,
            principal,
            request.headers.get("idempotency-key"),
            url.pathname + url.search,
            body.bytes,
          )
        : undefined,
    headers: request.headers,
    sent,
  };
  return route.handle(call as unknown as Call<Operation>);
}

/** A stream of lines is left to who reads it. */
async function readBody(operation: Operation, request: Request): Promise<{ value: unknown; bytes: Uint8Array }> {
  if (operation.lines !== undefined) return NOTHING;
  return operation.method === "GET" || operation.body === undefined
    ? refuseBody(operation, request)
    : readJson(request);
}

const NOTHING: { readonly value: undefined; readonly bytes: Uint8Array } = {
  value: undefined,
  bytes: new Uint8Array(),
};

/** Throws UNSUPPORTED_MEDIA_TYPE where an operation takes lines of other types. */
function mediaTypeOf({ lines }: Operation, request: Request): string {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (lines !== undefined && !lines.types.includes(type)) throw new ClavigerError("UNSUPPORTED_MEDIA_TYPE");
  return type;
}

/** Taken literally, a broken escape would name the same thing as its proper one. */
function refuseBrokenEncoding(path: string): void {
  try {
    decodeURIComponent(path);
  } catch {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "", message: "the path is not properly percent-encoded" }],
    });
  }
}

/** What takes no body is given none; an empty object is let through, since some clients always send one. */
async function refuseBody(operation: Operation, request: Request): Promise<typeof NOTHING> {
  if (operation.method === "GET" || operation.id.startsWith("verification.")) return NOTHING;
  const { value, bytes } = await readJson(request);
  const empty = value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  if (!empty)
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "", message: "this request takes no body" }] });
  return { ...NOTHING, bytes };
}

async function authenticate(
  access: AccessPorts,
  operation: Operation,
  request: Request,
  from: string | null,
): Promise<Principal> {
  const needed = operation.access;
  if (needed.kind === "public") return { kind: "public" };
  const secret = operation.id.startsWith("verification.authorize") ? credentialOf(request) : callerOf(request);
  if (needed.kind === "holder") return authenticateHolder(access, secret, from, needed.anyState === true);
  const principal = await authenticateManagement(access, secret, from);
  if (!principal.scopes.has(needed.scope))
    throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: needed.scope } });
  return principal;
}

function callerOf(request: Request): string {
  const presented = presentedKey(request.headers, request.url);
  if (presented.kind === "key") return presented.secret;
  throw new ClavigerError(presented.code);
}

/** The proxy's own credential; the other headers are the caller's. */
function credentialOf(request: Request): string {
  const secret = request.headers.get("claviger-credential")?.trim() ?? "";
  if (secret === "")
    throw new ClavigerError("UNAUTHENTICATED", { publicDetail: "The header Claviger-Credential is missing." });
  return secret.slice(0, 4096);
}
