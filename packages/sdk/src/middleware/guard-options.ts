import { checkCidr, checkScopeQuery, type ScopeQuery } from "@claviger/core";
import type { VerifiedKey } from "../verifier/verification.ts";
import type { Verifier, WouldRefuse } from "../verifier/verifier.ts";

/** A verifier, or how to get it when the first request comes. */
export type VerifierSource = Verifier | (() => Verifier | Promise<Verifier>);

/**
 * What a middleware asks of each request; `R` is the framework's request. By default the route map decides, by method and path.
 */
export interface GuardOptions<R, W extends boolean = boolean> {
  /**
   * Scopes that a request needs: a list means all of it. The route map is then not asked. A function may answer `undefined`; then
   * the route map decides about that request.
   */
  readonly scopes?: ScopeQuery | ((request: R) => ScopeQuery | undefined) | undefined;
  /** Ask the route map as well where `scopes` are given. Default false. */
  readonly routeMap?: boolean | undefined;
  /** Any valid key will do, whatever it may do: neither scopes nor the route map are asked. Default false. */
  readonly identityOnly?: boolean | undefined;
  /** The account whose data is asked for, as `acct_…` or `ext:<your id>`; keys of others are refused. */
  readonly account?: ((request: R) => string | undefined) | undefined;
  /** The name of this API, for keys bound to audiences. */
  readonly audience?: string | undefined;
  /** What a request spends of the key's limits. Default 1. */
  readonly cost?: number | ((request: R) => number) | undefined;
  /** Addresses and CIDR ranges of the proxies in front, whose `X-Forwarded-For` counts (C10). Default none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Where a request came from, where the platform knows better than the connection. It replaces `trustedProxies`. */
  readonly address?: ((request: R) => string | null | undefined) | undefined;
  /** What the key is for, as `WWW-Authenticate` names it. Default `api`. */
  readonly realm?: string | undefined;
  /** Decide, tell `onWouldRefuse`, and let everything through (C9). Default: as the verifier says. */
  readonly observe?: W | undefined;
  /** Needed with `observe`. */
  readonly onWouldRefuse?: ((refused: WouldRefuse, request: R) => void) | undefined;
}

/** The key that a handler finds: always there, unless the middleware may let a request pass without a good one. */
export type KeyOf<W extends boolean> = W extends false ? VerifiedKey : VerifiedKey | undefined;

/** Says at the start what could only go wrong later. Throws TypeError. */
export function checkGuardOptions<R>(options: GuardOptions<R>): void {
  const { scopes, routeMap, identityOnly, trustedProxies = [], address, observe, onWouldRefuse } = options;
  if (scopes !== undefined && typeof scopes !== "function") {
    const fault = checkScopeQuery(scopes);
    if (fault !== null) throw new TypeError(`scopes: ${fault}`);
  }
  if (identityOnly === true && (scopes !== undefined || routeMap === true)) {
    throw new TypeError("identityOnly asks for neither scopes nor the route map; leave it out, or them");
  }
  for (const range of trustedProxies) {
    const fault = checkCidr(range);
    if (fault !== null) throw new TypeError(`trustedProxies: ${fault}: ${range}`);
  }
  if (address !== undefined && trustedProxies.length > 0) {
    throw new TypeError("address replaces trustedProxies; give one of them");
  }
  if (observe === true && onWouldRefuse === undefined) {
    throw new TypeError("observe needs onWouldRefuse, or nobody would ever know");
  }
}
