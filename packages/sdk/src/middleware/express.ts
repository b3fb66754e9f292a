import type { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedKey } from "../verifier/verification.ts";
import { createGuard } from "./guard.ts";
import type { GuardOptions, VerifierSource } from "./guard-options.ts";
import { nodeFacts, passOn, settle } from "./node-http.ts";

declare global {
  namespace Express {
    interface Request {
      /** The key that this request was made with, after `expressKeys`. */
      claviger?: VerifiedKey | undefined;
    }
  }
}

/** What this middleware needs of Express's own request; annotate functions of the options with Express's `Request`. */
export interface ExpressRequest extends IncomingMessage {
  readonly baseUrl: string;
  claviger?: VerifiedKey | undefined;
}

/**
 * Lets requests pass only with a key that may make them, and puts it into `request.claviger`. Express 4 and 5. Put it behind what
 * answers to CORS preflights, and before whatever is not open to everybody.
 *
 * ```ts
 * app.use(expressKeys(verifier));                                                   // the route map decides
 * app.get("/contacts", expressKeys(verifier, { scopes: ["contacts:read"] }), list);
 * ```
 *
 * @throws TypeError for options that cannot work
 */
export function expressKeys<R extends IncomingMessage = ExpressRequest>(
  verifier: VerifierSource,
  options: GuardOptions<R> = {},
): (request: R, response: ServerResponse, next: (error?: unknown) => void) => void {
  const guard = createGuard(verifier, options);
  return (request, response, next) => {
    const { baseUrl, url = "/" } = request as unknown as ExpressRequest;
    settle(
      () => guard(nodeFacts(request, baseUrl + url), request),
      (passage) => {
        if (!passOn(passage, request, response)) return;
        (request as unknown as ExpressRequest).claviger = passage.key;
        next();
      },
      next,
    );
  };
}
