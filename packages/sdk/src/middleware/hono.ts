import type { Context, MiddlewareHandler } from "hono";
import { fetchFacts, told } from "./fetch-http.ts";
import { createGuard } from "./guard.ts";
import type { GuardOptions, KeyOf, VerifierSource } from "./guard-options.ts";

/**
 * Lets requests pass only with a key that may make them, and puts it into the variable `claviger`.
 *
 * ```ts
 * app.use("/contacts/*", honoKeys(verifier));
 * app.get("/contacts", (c) => c.json({ account: c.get("claviger").account }));
 * ```
 *
 * @throws TypeError for options that cannot work
 */
export function honoKeys<W extends boolean = false>(
  verifier: VerifierSource,
  options: GuardOptions<Context, W> = {},
): MiddlewareHandler<{ Variables: { claviger: KeyOf<W> } }> {
  const guard = createGuard<Context>(verifier, options);
  return async (context, next) => {
    const request = context.req.raw;
    const found = guard(fetchFacts(request, peerOf(context.env)), context);
    const passage = found instanceof Promise ? await found : found;
    if (!passage.pass) return told(new Response(passage.body, { status: passage.status }), passage, request);
    context.set("claviger", passage.key as KeyOf<W>);
    // Where they are known before the response is made, adding them to it costs a fraction.
    for (const name in passage.headers) context.header(name, passage.headers[name]);
    await next();
    passage.use?.ended(context.res.status);
    const answer = told(context.res, passage, request);
    if (answer !== context.res) context.res = answer;
  };
}

/** Under @hono/node-server the connection is there; elsewhere `address` has to say where a request came from. */
function peerOf(env: unknown): string | undefined {
  const bindings = env as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined;
  return bindings?.incoming?.socket?.remoteAddress;
}
