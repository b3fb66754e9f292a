import { request as httpRequest } from "node:http";
import { createVerifier, type GuardOptions, type Verifier, type VerifierOptions } from "@claviger/sdk";
import { issueKey, type MadeKey, openPlatform, type Platform } from "@claviger/testkit";
import { afterAll, beforeAll } from "vitest";

export interface Served {
  readonly url: string;
  stop(): Promise<void> | void;
}

/**
 * Serves, behind the middleware, `GET` and `POST /contacts` with `{ account, keyId }` of the key, both null without one; anything else is
 * answered 404. Before the middleware, or in the handler, `Access-Control-Expose-Headers: X-Total` is set.
 */
export type Serve = (verifier: Verifier, options: GuardOptions<unknown>) => Promise<Served>;

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly code?: string; readonly account?: string | null; readonly keyId?: string | null };
}

/** A real service, and handlers behind the middleware. What it holds is there once the tests run. */
export interface Stage {
  readonly platform: Platform;
  readonly verifier: Verifier;
  /** Behind the middleware without options. */
  readonly served: Served;
  /** May read contacts. */
  readonly key: MadeKey;
  issue(fields?: Readonly<Record<string, unknown>>): Promise<MadeKey>;
  /** Another one, with options; stopped at the end. */
  also(options: GuardOptions<unknown>, verifier?: Verifier): Promise<Served>;
  verifierAt(url: string): Promise<Verifier>;
  /** One that decides in this process. The caller closes it. */
  localVerifier(options: Partial<VerifierOptions>): Promise<Verifier>;
}

/** To be called where tests are described. */
export function stageFor(serve: Serve): Stage {
  const made: Partial<Record<"platform" | "verifier" | "served" | "key", unknown>> = {};
  const others: Served[] = [];
  const stage = Object.assign(made, {
    issue: (fields = {}) => issueKey(stage.platform.root, stage.platform.account.id, fields),
    also: async (options, verifier = stage.verifier) => {
      const more = await serve(verifier, options);
      others.push(more);
      return more;
    },
    verifierAt: (url) =>
      createVerifier({
        ...{ url, credential: stage.platform.credential, environment: "live", mode: "remote", timeoutMs: 2_000 },
        onUnavailable: () => undefined,
      }),
    localVerifier: (options) => {
      const { url, credential } = stage.platform;
      return createVerifier({ url, credential, environment: "live", mode: "local", ...options });
    },
  } satisfies Pick<Stage, "issue" | "also" | "verifierAt" | "localVerifier">) as unknown as Stage;
  beforeAll(async () => {
    made.platform = await openPlatform();
    made.verifier = await stage.verifierAt(stage.platform.url);
    made.served = await serve(stage.verifier, {});
    made.key = await stage.issue();
  }, 120_000);
  afterAll(async () => {
    for (const each of [stage.served, ...others]) await each?.stop();
    await stage.verifier?.close();
    await stage.platform?.app.stop();
  });
  return stage;
}

export const bearer = ({ secret }: Pick<MadeKey, "secret">) => ({ authorization: `Bearer ${secret}` });

export async function ask(
  { url }: Served,
  headers: Record<string, string> = {},
  path = "/contacts",
  method = "GET",
): Promise<Told> {
  const answer = await fetch(`${url}${path}`, { method, headers });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Told["body"] };
}

/** Sends header lines as they are, which `fetch` would put together. */
export function askRaw({ url }: Served, lines: readonly string[]): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path: "/contacts", headers: ["Host", "localhost", ...lines] };
    httpRequest(options, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}
