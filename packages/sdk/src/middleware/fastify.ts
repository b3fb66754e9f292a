import type { VerifiedKey } from "../verifier/verification.ts";
import type { FastifyLike, FastifyReplyLike, FastifyRequestLike } from "./fastify-types.ts";
import { createGuard } from "./guard.ts";
import type { GuardOptions, VerifierSource } from "./guard-options.ts";
import { nodeFacts, setHeaders, settle, whenAnswered } from "./node-http.ts";

// @ts-expect-error whoever imports this file has Fastify; this package does not
declare module "fastify" {
  interface FastifyRequest {
    /** The key that this request was made with, in the scope where `fastifyKeys` is registered. */
    claviger: VerifiedKey;
  }
}

/**
 * A plugin for Fastify 4 and 5: in the scope where it is registered, requests pass only with a key that may make them, which is
 * put into `request.claviger`.
 *
 * ```ts
 * app.register(fastifyKeys(verifier));
 * ```
 *
 * @throws TypeError for options that cannot work
 */
export function fastifyKeys<R extends FastifyRequestLike>(verifier: VerifierSource, options: GuardOptions<R> = {}) {
  const guard = createGuard(verifier, options);
  const plugin = (app: FastifyLike<R>, _: unknown, ready: () => void): void => {
    if (!app.hasRequestDecorator("claviger")) app.decorateRequest("claviger", null);
    app.addHook("onRequest", (request, reply, next) => {
      const { raw } = request;
      settle(
        () => guard(nodeFacts(raw, raw.url ?? "/"), request),
        (passage) => {
          setHeaders(passage, raw, unsent(reply));
          if (passage.pass) {
            whenAnswered(reply.raw, passage.use);
            request.claviger = passage.key ?? null;
            next();
          } else {
            reply.code(passage.status);
            reply.send(passage.body);
          }
        },
        (error) => next(error as Error),
      );
    });
    ready();
  };
  // Without this mark of Fastify's the hook would hold inside the plugin alone, and not where it is registered.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}

function unsent(reply: FastifyReplyLike): Parameters<typeof setHeaders>[2] {
  return { getHeader: (name) => reply.getHeader(name), setHeader: (name, value) => reply.header(name, value) };
}
