import type { RouteMatch } from "../routes/route-map.ts";
import type { Catalogue } from "../scopes/catalogue.ts";
import { tierAllowsMethod } from "../scopes/tier.ts";
import type { VerifyRequest } from "../verdict/verdict.ts";
import { codeNumber } from "./outcome.ts";
import { addressesOf, type Profile, referrersOf } from "./profiles.ts";
import type { ScopeNumbers } from "./scope-bits.ts";

export const VALID = codeNumber("VALID");
const AUDIENCE_NOT_ALLOWED = codeNumber("AUDIENCE_NOT_ALLOWED");
const IP_NOT_ALLOWED = codeNumber("IP_NOT_ALLOWED");
const REFERRER_NOT_ALLOWED = codeNumber("REFERRER_NOT_ALLOWED");
const ROUTE_NOT_MAPPED = codeNumber("ROUTE_NOT_MAPPED");
const INSUFFICIENT_SCOPE = codeNumber("INSUFFICIENT_SCOPE");

/** As `checkBindings` of `decide`: the number of a code. */
export function checkBindings(profile: Profile<object>, request: VerifyRequest): number {
  if (profile.audiences.list.length > 0) {
    if (request.audience === undefined || !profile.audiences.list.includes(request.audience))
      return AUDIENCE_NOT_ALLOWED;
  }
  if (profile.allowedIps.list.length > 0) {
    if (request.ip === undefined || !addressesOf(profile.allowedIps).contains(request.ip)) return IP_NOT_ALLOWED;
  }
  if (profile.allowedReferrers.list.length > 0 && !referrersOf(profile.allowedReferrers).matches(request)) {
    return REFERRER_NOT_ALLOWED;
  }
  return VALID;
}

/** What a check looks things up in, and what it found on the way: one object for all checks of a table. */
export interface CheckState {
  readonly numbers: ScopeNumbers;
  /** The route of the last check that asked for one and found it. */
  route: RouteMatch | null;
}

/** As `checkAccess` of `decide`: the number of a code, without the names that are missing. Sets `state.route`. */
export function checkAccess(
  profile: Profile<object>,
  request: VerifyRequest,
  catalogue: Catalogue,
  state: CheckState,
): number {
  const { method, path, scopes } = request;
  const { numbers } = state;
  state.route = null;
  if (path !== undefined) {
    const found = method === undefined ? "ambiguous" : catalogue.routes.resolve(method, path);
    if (typeof found === "string") {
      const code = checkUnmapped(profile, found, method, catalogue);
      if (code !== VALID) return code;
    } else {
      if (!numbers.holds(profile.grant, found.scope, catalogue, method)) return INSUFFICIENT_SCOPE;
      state.route = found;
    }
  }
  if (scopes === undefined || numbers.satisfies(profile.grant, scopes, catalogue, method)) return VALID;
  return INSUFFICIENT_SCOPE;
}

function checkUnmapped(
  profile: Profile<object>,
  found: "unmapped" | "ambiguous",
  method: string | undefined,
  catalogue: Catalogue,
): number {
  if (found === "ambiguous" || catalogue.unmapped !== "allow") return ROUTE_NOT_MAPPED;
  const { tier, scopes } = profile.grant;
  if (scopes.length > 0) return VALID;
  return tier !== null && method !== undefined && tierAllowsMethod(tier, method) ? VALID : INSUFFICIENT_SCOPE;
}
