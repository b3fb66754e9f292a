import type { Secret } from "@claviger/core";
import { questionOf } from "./question.ts";
import { readVerification } from "./read-verification.ts";
import { refusedAs, type Verification } from "./verification.ts";
import type { Observer, Verifier } from "./verifier.ts";

export interface RemoteVerifierParts {
  /** Each without a slash at the end; another is tried where one does not answer. */
  readonly urls: readonly string[];
  readonly credential: Secret;
  readonly environment: string;
  /** Which of the platform's services this is; null: not told. */
  readonly service: string | null;
  readonly timeoutMs: number;
  readonly observer: Observer | null;
  readonly unavailable: (reason: string) => void;
  readonly fetch: typeof globalThis.fetch;
}

const UNAVAILABLE = Object.freeze(refusedAs("UNAVAILABLE"));

/**
 * Asks a node about every request and remembers nothing, so that a revocation holds on the next one. Whatever is not a verdict
 * beyond doubt, in time, is UNAVAILABLE. The connection is kept open between requests.
 */
export function createRemoteVerifier(parts: RemoteVerifierParts): Verifier {
  const pending = new Set<Promise<Verification>>();
  const route: Route = { place: 0 };
  let closed = false;
  return {
    mode: "remote",
    environment: parts.environment,
    observer: parts.observer,
    verify(secret, request = {}) {
      if (closed) return UNAVAILABLE;
      const question = questionOf(secret, request, parts.environment);
      if ("refused" in question) return refusedAs(question.refused);
      const answer = ask(parts, route, question.body).finally(() => pending.delete(answer));
      pending.add(answer);
      return answer;
    },
    async close() {
      closed = true;
      await Promise.all(pending);
    },
  };
}

/** Never rejects. */
async function ask(parts: RemoteVerifierParts, route: Route, body: string): Promise<Verification> {
  const signal = AbortSignal.timeout(parts.timeoutMs);
  const { place } = route;
  try {
    const answer = await send(parts, route, body, signal);
    if (answer.status !== 200) {
      const problem: unknown = await answer.json().catch(() => null);
      // It may know that it can not tell, where another node can.
      if (answer.status >= 500) moveOn(route, place);
      parts.unavailable(`Claviger answered ${answer.status}${codeOf(problem)}`);
      return UNAVAILABLE;
    }
    const verdict = readVerification(await answer.json(), parts.environment);
    if (verdict === null) parts.unavailable("the answer of Claviger is not a verdict");
    return verdict ?? UNAVAILABLE;
  } catch (error) {
    parts.unavailable(signal.aborted ? `no answer within ${parts.timeoutMs} ms` : reasonOf(error));
    return UNAVAILABLE;
  }
}

/** Which of the addresses is asked first. */
interface Route {
  place: number;
}

/** From now on the next address, unless somebody else who found this one wanting has moved on already. */
function moveOn(route: Route, from: number): void {
  if (route.place === from) route.place = from + 1;
}

/**
 * A connection that was kept may have been closed by the other side in the same moment, so one that breaks is tried once more, or
 * at each of the other addresses. Had the first request arrived all the same, the key's limits are spent twice: never more than
 * the limit, at worst less.
 */
async function send(parts: RemoteVerifierParts, route: Route, body: string, signal: AbortSignal): Promise<Response> {
  const { urls } = parts;
  const ask = (place: number): Promise<Response> =>
    parts.fetch(`${urls[place % urls.length]}/v1/verify`, {
      method: "POST",
      headers: {
        ...{ Authorization: `Bearer ${parts.credential.reveal()}`, "Content-Type": "application/json" },
        ...(parts.service === null ? {} : { "Claviger-Service": parts.service }),
      },
      body,
      redirect: "error",
      signal,
    });
  const first = route.place;
  const last = first + Math.max(1, urls.length - 1);
  for (let place = first; ; place += 1) {
    try {
      return await ask(place);
    } catch (error) {
      moveOn(route, place);
      if (signal.aborted || place === last) throw error;
    }
  }
}

/** Only what cannot hold a secret: a stranger at that address may send back whatever it was sent. */
function codeOf(problem: unknown): string {
  const code = typeof problem === "object" && problem !== null && "code" in problem ? problem.code : "";
  return typeof code === "string" && /^[A-Z_]{1,40}$/.test(code) ? ` ${code}` : "";
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return "the answer of Claviger is not JSON";
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : "";
  return typeof code === "string" && /^[A-Z0-9_]{1,40}$/.test(code) ? `no connection (${code})` : "no connection";
}
