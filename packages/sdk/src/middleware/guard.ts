import { createSourceAddress, type HeaderReader, presentedKey, type ScopeQuery } from "@claviger/core";
import { systemClock } from "../clock.ts";
import { type RefusedKey, refusedAs, type VerificationRequest, type VerifiedKey } from "../verifier/verification.ts";
import type { Verifier, WouldRefuse } from "../verifier/verifier.ts";
import { rareWarning } from "../verifier/warn.ts";
import { checkGuardOptions, type GuardOptions, type VerifierSource } from "./guard-options.ts";
import { type PassedUse, passedUse } from "./passed-use.ts";
import { type Refusal, refusalOfKey, refusalOfRequest, standingHeaders } from "./refusal.ts";

/** What every framework knows of a request. */
export interface Facts {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: HeaderReader;
  /** Address at the other end of the connection, where there is one. */
  readonly peer: string | undefined;
}

/** What becomes of a request. With `pass`, `headers` go into the answer of whoever handles it. */
export type Passage =
  | {
      readonly pass: true;
      readonly key: VerifiedKey | undefined;
      readonly headers: Readonly<Record<string, string>>;
      /** To be told once the request is answered; null where nobody wants to know. */
      readonly use: PassedUse | null;
    }
  | ({ readonly pass: false } & Refusal);

/** At once where the verifier answers at once. Throws, or rejects, only with what a function of the options threw. */
export type Guard<R> = (facts: Facts, request: R) => Passage | Promise<Passage>;

const LET_THROUGH: Passage = Object.freeze({ pass: true, key: undefined, headers: Object.freeze({}), use: null });

/** What all middlewares share: takes the key, asks the verifier, and says what to answer. */
export function createGuard<R>(source: VerifierSource, options: GuardOptions<R>): Guard<R> {
  checkGuardOptions(options);
  const { realm = "api" } = options;
  const addressOf = addressFrom(options.trustedProxies ?? []);
  const withVerifier = verifierFrom(source);

  const refuse = (verifier: Verifier, facts: Facts, request: R, refusal: Refusal, would: Judged): Passage => {
    const report = observerOf(options, verifier);
    if (report === null) return { pass: false, ...refusal };
    report({ ...would, status: refusal.status, method: facts.method, path: pathOf(facts.target) }, request);
    return LET_THROUGH;
  };
  const settle = (verifier: Verifier, facts: Facts, request: R, verdict: VerifiedKey | RefusedKey): Passage => {
    if (verdict.valid) {
      const headers = standingHeaders(verdict, systemClock.wall);
      return { pass: true, key: verdict, headers, use: passedUse(verifier, verdict) };
    }
    const refusal = refusalOfKey(verdict, realm, systemClock.wall());
    const passage = refuse(verifier, facts, request, refusal, judgedBy(verdict));
    if (passage.pass) return { ...passage, use: passedUse(verifier, verdict) };
    verifier.answered?.(verdict, passage.status, null);
    return passage;
  };
  const decide = (verifier: Verifier, facts: Facts, request: R): Passage | Promise<Passage> => {
    const presented = presentedKey(facts.headers, facts.target);
    if (presented.kind !== "key") {
      return refuse(verifier, facts, request, refusalOfRequest(presented.code, realm), { code: presented.code });
    }
    const verdict = verifier.verify(presented.secret, questionOf(options, facts, request, addressOf(facts)));
    if (!(verdict instanceof Promise)) return settle(verifier, facts, request, verdict);
    return verdict.then((told) => settle(verifier, facts, request, told));
  };
  return (facts, request) => {
    const verifier = withVerifier();
    if (!(verifier instanceof Promise)) return decide(verifier, facts, request);
    return verifier.then((ready) =>
      ready === null
        ? { pass: false, ...refusalOfKey(refusedAs("UNAVAILABLE"), realm, systemClock.wall()) }
        : decide(ready, facts, request),
    );
  };
}

/** Where a request came from, by its connection and what trusted proxies say. */
function addressFrom(trustedProxies: readonly string[]): (facts: Facts) => string | null {
  const addressOf = createSourceAddress(trustedProxies);
  if (trustedProxies.length === 0) return ({ peer }) => addressOf(peer, null);
  return ({ peer, headers }) => addressOf(peer, headers.get("x-forwarded-for"));
}

type Judged = Pick<WouldRefuse, "code" | "keyId" | "account" | "missing">;

function judgedBy({ code, keyId, account, missing }: RefusedKey): Judged {
  return { code, keyId, account, missing };
}

/** Got once. Where that fails, all that wait are given null, and the next request tries again. */
function verifierFrom(source: VerifierSource): () => Verifier | Promise<Verifier | null> {
  if (typeof source !== "function") return () => source;
  const warn = rareWarning(systemClock);
  let ready: Verifier | Promise<Verifier | null> | undefined;
  const get = async (): Promise<Verifier | null> => {
    try {
      // Never in the same turn, so that whatever becomes of it is noted after the promise itself.
      const verifier = await Promise.resolve().then(source);
      ready = verifier;
      return verifier;
    } catch (error) {
      ready = undefined;
      warn(`there is no verifier: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  return () => {
    ready ??= get();
    return ready;
  };
}

/** Who is told instead of the caller; null: the caller is refused. */
function observerOf<R>(
  options: GuardOptions<R>,
  verifier: Verifier,
): ((refused: WouldRefuse, request: R) => void) | null {
  const observes = options.observe ?? verifier.observer !== null;
  return observes ? (options.onWouldRefuse ?? verifier.observer) : null;
}

function questionOf<R>(
  options: GuardOptions<R>,
  { method, target, headers }: Facts,
  request: R,
  address: string | null,
): VerificationRequest {
  const { scopes, account, cost, identityOnly, routeMap } = options;
  const needed: ScopeQuery | undefined = typeof scopes === "function" ? scopes(request) : scopes;
  const byRoute = identityOnly !== true && (needed === undefined || routeMap === true);
  return {
    method: identityOnly === true ? undefined : method,
    path: byRoute ? target : undefined,
    scopes: needed,
    seenMethod: identityOnly === true ? method : undefined,
    seenPath: byRoute ? undefined : target,
    // Browsers alone send it; other parts of Sec-Fetch come from programs as well.
    browser: headers.get("sec-fetch-site") !== null,
    account: account?.(request),
    audience: options.audience,
    ip: (options.address === undefined ? address : options.address(request)) ?? undefined,
    origin: headers.get("origin") ?? undefined,
    referrer: headers.get("referer") ?? undefined,
    userAgent: headers.get("user-agent") ?? undefined,
    requestId: headers.get("x-request-id") ?? undefined,
    cost: typeof cost === "function" ? cost(request) : cost,
  };
}

function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}
