import type { IncomingMessage } from "node:http";

/**
 * The target of a request without the path that it is mounted below. Frameworks that mount take it off themselves, so a target
 * without it is taken as it is: no path of the API begins with it.
 */
export function withoutBase(target: string, basePath: string): string {
  if (basePath === "" || !target.startsWith(basePath)) return target;
  const rest = target.slice(basePath.length);
  if (rest === "" || rest.startsWith("?")) return `/${rest}`;
  return rest.startsWith("/") ? rest : target;
}

/** The same request at the path that the API knows. */
export function requestWithoutBase(request: Request, basePath: string): Request {
  if (basePath === "") return request;
  const url = new URL(request.url);
  const path = withoutBase(url.pathname, basePath);
  if (path === url.pathname) return request;
  url.pathname = path;
  return new Request(url, request);
}

/** What the API is told of the connection behind a request. */
export interface Behind {
  readonly incoming: {
    readonly url: string | undefined;
    readonly socket: { readonly remoteAddress: string | undefined };
  };
}

const PREFIXED = "/v1/authorize/";

/**
 * `env` is what a framework handed on beside the request; that of @hono/node-server tells the connection. `address` is asked where
 * none does. Of the request line only what Envoy put behind its prefix is told: parsed, such a path could be another one.
 */
export function behind(env: unknown, address: () => string | null | undefined): Behind {
  const incoming = incomingOf(env);
  if (incoming === null) return { incoming: { url: undefined, socket: { remoteAddress: address() ?? undefined } } };
  const line = incoming.url ?? "";
  const at = line.indexOf(PREFIXED);
  const { remoteAddress } = incoming.socket;
  return { incoming: { url: at < 0 ? undefined : line.slice(at), socket: { remoteAddress } } };
}

function incomingOf(env: unknown): IncomingMessage | null {
  const { incoming } = (typeof env === "object" && env !== null ? env : {}) as { readonly incoming?: unknown };
  const known = typeof incoming === "object" && incoming !== null && "socket" in incoming && "url" in incoming;
  return known ? (incoming as IncomingMessage) : null;
}
