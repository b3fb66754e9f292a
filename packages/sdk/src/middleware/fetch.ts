import { fetchFacts, told } from "./fetch-http.ts";
import { createGuard } from "./guard.ts";
import type { GuardOptions, KeyOf, VerifierSource } from "./guard-options.ts";

/** A Web-standard handler that is told the key of a request; what comes after the request is passed on. */
type KeyedHandler<K, Q extends Request, A extends readonly unknown[]> = (
  request: Q,
  key: K,
  ...rest: A
) => Response | Promise<Response>;

/**
 * Lets requests reach Web-standard `fetch` handlers (Next.js route handlers, Cloudflare Workers, Deno, Bun) only with a key that
 * may make them. The handler is told which, before what the platform passes on: Next.js's `{ params }`, a Worker's `env`.
 *
 * ```ts
 * const withKeys = fetchKeys(verifier, { scopes: ["contacts:read"] });
 * export const GET = withKeys((request, key) => Response.json({ account: key.account }));
 * ```
 *
 * A `Request` does not tell where it came from: keys that are bound to addresses need `address`.
 *
 * @throws TypeError for options that cannot work
 */
export function fetchKeys<W extends boolean = false>(verifier: VerifierSource, options: GuardOptions<Request, W> = {}) {
  const guard = createGuard<Request>(verifier, options);
  return <Q extends Request, A extends readonly unknown[]>(handler: KeyedHandler<KeyOf<W>, Q, A>) =>
    async (request: Q, ...rest: A): Promise<Response> => {
      const passage = await guard(fetchFacts(request, undefined), request);
      if (!passage.pass) return told(new Response(passage.body, { status: passage.status }), passage, request);
      let status = FAILED;
      try {
        const answer = await handler(request, passage.key as KeyOf<W>, ...rest);
        status = answer.status;
        return told(answer, passage, request);
      } finally {
        passage.use?.ended(status);
      }
    };
}

/** What platforms answer where a handler throws. */
const FAILED = 500;
