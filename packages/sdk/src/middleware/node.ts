import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { createGuard } from "./guard.ts";
import type { GuardOptions, KeyOf, VerifierSource } from "./guard-options.ts";
import { nodeFacts, passOn, settle } from "./node-http.ts";

type Handler<K> = (request: IncomingMessage, response: ServerResponse, key: K) => void;

/**
 * Lets requests reach a handler of `node:http` only with a key that may make them; the handler is told which.
 *
 * ```ts
 * const withKeys = nodeKeys(verifier, { scopes: ["contacts:read"] });
 * createServer(withKeys((request, response, key) => response.end(`hello ${key.account}`)));
 * ```
 *
 * Upgrades to WebSocket do not pass through request handlers, so they are not covered.
 *
 * @throws TypeError for options that cannot work
 */
export function nodeKeys<W extends boolean = false>(
  verifier: VerifierSource,
  options: GuardOptions<IncomingMessage, W> = {},
): (handler: Handler<KeyOf<W>>) => RequestListener {
  const guard = createGuard(verifier, options);
  return (handler) => (request, response) => {
    const fail = (error: unknown): void => {
      console.error("claviger: a function of the middleware's options threw:", error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    };
    settle(
      () => guard(nodeFacts(request, request.url ?? "/"), request),
      (passage) => {
        if (passOn(passage, request, response)) handler(request, response, passage.key as KeyOf<W>);
      },
      fail,
    );
  };
}
