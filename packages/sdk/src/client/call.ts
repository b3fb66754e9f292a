import { parseKey } from "@claviger/core";

/** What may be said of any call. */
export interface CallOptions {
  /** Ends the call, and whatever pause it is in. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds; default: that of the client. */
  readonly timeoutMs?: number | undefined;
}

/** What may be said of an act that can be repeated safely. */
export interface ActOptions extends CallOptions {
  /**
   * 1-200 printable characters, a new one for each act. With it the act is repeated by itself where its answer was lost; a repetition
   * answers the same, except that a secret is not shown again.
   */
  readonly idempotencyKey?: string | undefined;
}

/** What may be said of an act that is meant for what was looked at. */
export interface ConditionalOptions extends ActOptions {
  /** The `etag` of what was looked at: where it has changed since, the act is not carried out, and answered PRECONDITION_FAILED. */
  readonly ifMatch?: string | undefined;
}

/** A caller's request, as a proxy asks about it. */
export interface ProxiedRequest {
  /** The key that the caller presented. */
  readonly key: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

/** Who the caller is. */
export interface Authorized {
  readonly keyId: string;
  readonly account: string;
  /** The tier, if any, and the scopes. */
  readonly scopes: readonly string[];
}

/** An operation of the contract, as the client needs it. */
export interface Described {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** Whose credential goes along: nobody's, that of a key's holder, the client's own, or the client's beside a caller's. */
  readonly caller: "public" | "holder" | "management" | "proxy";
  /** Names in the path, in order. */
  readonly params: readonly string[];
  readonly takesBody: boolean;
  /** Whether the body is a list of lines, each of which is sent as JSON. */
  readonly takesLines?: true;
  readonly takesQuery: boolean;
  readonly takesIdempotencyKey: boolean;
  readonly takesIfMatch?: true;
  readonly answers: "json" | "text" | "bytes" | "pages";
}

/** The arguments of one call, told apart. */
export interface Call {
  readonly operation: Described;
  readonly holder: string | undefined;
  readonly proxied: ProxiedRequest | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly options: ConditionalOptions;
}

/** Arguments in the order of the generated signatures. Throws TypeError for what must not go into an address or a header. */
export function callOf(operation: Described, given: readonly unknown[]): Call {
  const left = [...given];
  const { caller, params, takesBody, takesQuery } = operation;
  const holder = caller === "holder" ? checkPresented(left.shift()) : undefined;
  const proxied = caller === "proxy" ? checkProxied(left.shift()) : undefined;
  const path = Object.fromEntries(params.map((name) => [name, checkParam(name, left.shift())]));
  const body = takesBody ? left.shift() : undefined;
  const query = checkQuery(takesQuery ? left.shift() : undefined);
  return { operation, holder, proxied, path, query, body, options: checkOptions(left.shift()) };
}

/** A dot alone would lead to another address, and a key would be written down wherever addresses are. */
function checkParam(name: string, value: unknown): string {
  if (typeof value !== "string" || value === "" || value === "." || value === "..") {
    throw new TypeError(`${name} must be an id or a name`);
  }
  if (parseKey(value).ok) throw new TypeError(`${name} is a key; a key never goes into an address, its id does`);
  return value;
}

function checkQuery(query: unknown): Readonly<Record<string, unknown>> {
  if (query === undefined) return {};
  if (typeof query !== "object" || query === null) throw new TypeError("the query must be an object");
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === "string" && parseKey(value).ok)
      throw new TypeError(`${name} is a key; a key never goes into an address`);
  }
  return query as Readonly<Record<string, unknown>>;
}

/** What a header cannot hold would else turn up in the error of whoever tries. */
function checkPresented(secret: unknown): string {
  if (typeof secret !== "string" || !/^[\x21-\x7e]{1,4096}$/.test(secret)) {
    throw new TypeError("the key must be 1-4096 printable characters without blanks");
  }
  return secret;
}

function checkProxied(request: unknown): ProxiedRequest {
  const { key, method, path } = (request ?? {}) as Partial<ProxiedRequest>;
  if (typeof method !== "string" || !/^[A-Za-z]{1,20}$/.test(method))
    throw new TypeError("method must be an HTTP method");
  if (typeof path !== "string" || !/^\/[\x21-\x7e]{0,8191}$/.test(path))
    throw new TypeError("path must begin with a slash");
  return { key: checkPresented(key), method, path };
}

function checkOptions(options: unknown): ConditionalOptions {
  const checked = (options ?? {}) as ConditionalOptions;
  if (checked.idempotencyKey !== undefined && !/^[\x21-\x7e]{1,200}$/.test(checked.idempotencyKey)) {
    throw new TypeError("idempotencyKey must be 1-200 printable characters without blanks");
  }
  if (checked.ifMatch !== undefined && !/^(\*|"[\x21\x23-\x7e]{1,100}")$/.test(checked.ifMatch)) {
    throw new TypeError("ifMatch must be an etag, with its quotes");
  }
  return checked;
}
