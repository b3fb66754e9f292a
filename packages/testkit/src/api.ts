import type { App } from "../../server/src/index.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What came back. `body` is parsed where it is JSON, else null; `text` is it as sent. */
export interface Answer<T = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
  readonly text: string;
}

export interface Asking {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

export interface CallOptions {
  /** Sent as JSON; bytes and strings are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls the API as one credential. */
export interface Api {
  get<T = Json>(path: string, headers?: CallOptions["headers"]): Promise<Answer<T>>;
  post<T = Json>(path: string, body?: unknown, headers?: CallOptions["headers"]): Promise<Answer<T>>;
  put<T = Json>(path: string, body?: unknown, headers?: CallOptions["headers"]): Promise<Answer<T>>;
  patch<T = Json>(path: string, body?: unknown, headers?: CallOptions["headers"]): Promise<Answer<T>>;
  call<T = Json>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  /** The same target as somebody else; null: without a credential. */
  as(credential: string | null): Api;
}

export interface ApiOptions {
  /** Told of every answer before the caller; may throw. */
  readonly check?: (asking: Asking, answer: Answer) => void;
  /** Address that the call seems to come from, where the target is a handler. */
  readonly peer?: string;
}

/** `target` is the address of a service, or the handler of one inside this process. */
export function api(target: string | App["fetch"], credential: string | null, options: ApiOptions = {}): Api {
  const call = async <T>(method: string, path: string, { body, headers = {} }: CallOptions = {}) => {
    const raw = typeof body === "string" || body instanceof Uint8Array;
    const request = new Request(new URL(path, typeof target === "string" ? target : "http://127.0.0.1:4700"), {
      method,
      headers: {
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const env = { incoming: { socket: { remoteAddress: options.peer ?? "127.0.0.1" } } };
    const answer = await read(typeof target === "string" ? await fetch(request) : await target(request, env));
    options.check?.({ method, path }, answer);
    return answer as Answer<T>;
  };
  return {
    get: (path, headers) => call("GET", path, headers === undefined ? {} : { headers }),
    post: (path, body, headers = {}) => call("POST", path, { body, headers }),
    put: (path, body, headers = {}) => call("PUT", path, { body, headers }),
    patch: (path, body, headers = {}) => call("PATCH", path, { body, headers }),
    call,
    as: (other) => api(target, other, options),
  };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = /^application\/(?:[\w.+-]+\+)?json\b/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== "" ? (JSON.parse(text) as Json) : null,
  };
}
