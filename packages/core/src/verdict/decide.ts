import { type CidrSet, compileCidrs } from "../network/cidr.ts";
import { compileReferrers, type ReferrerSet } from "../network/referrer.ts";
import type { RouteMatch } from "../routes/route-map.ts";
import type { Catalogue } from "../scopes/catalogue.ts";
import { missingScopes, satisfies, satisfiesName } from "../scopes/satisfies.ts";
import { tierAllowsMethod } from "../scopes/tier.ts";
import type { KeyRecord, RefusalCode, Verdict, VerifyRequest, VersionRecord } from "./verdict.ts";

/**
 * Decides about one request with one version of a key. Pure, synchronous and total: whatever the request holds, it
 * answers and never throws. Every check can only refuse, and data it does not understand (an expiry that is no number,
 * an unknown state, an unreadable range) refuses too.
 *
 * The first reason that applies is given, in this order: REVOKED, EXPIRED, SUSPENDED, ACCOUNT_SUSPENDED,
 * WRONG_ENVIRONMENT, WRONG_ACCOUNT, AUDIENCE_NOT_ALLOWED, IP_NOT_ALLOWED, REFERRER_NOT_ALLOWED, ROUTE_NOT_MAPPED,
 * INSUFFICIENT_SCOPE. So the final reasons come before those that the caller can mend.
 *
 * @param version which of the key's versions was presented
 * @param now milliseconds since the epoch; the instant of expiry is expired
 */
export function decide(
  record: KeyRecord,
  version: number,
  request: VerifyRequest,
  catalogue: Catalogue,
  now: number,
): Verdict {
  const presented = findVersion(record, version);
  if (presented === null || record.state === "revoked" || presented.state !== "active")
    return refuse("REVOKED", record);
  if (isExpired(record.expiresAt, now) || isExpired(presented.expiresAt, now)) return refuse("EXPIRED", record);
  const code = checkStanding(record, request) ?? checkBindings(record, request);
  if (code !== null) return refuse(code, record);
  return checkAccess(record, presented, request, catalogue);
}

/** Newest first, because that is the one in use. Few keys have more than two versions that are not ended. */
function findVersion(record: KeyRecord, version: number): VersionRecord | null {
  for (let i = record.versions.length - 1; i >= 0; i--) {
    const candidate = record.versions[i];
    if (candidate !== undefined && candidate.version === version) return candidate;
  }
  return null;
}

/** Null never expires. Anything that is not a finite number, the clock included, counts as expired. */
function isExpired(expiresAt: number | null, now: number): boolean {
  if (expiresAt === null) return false;
  return !(Number.isFinite(expiresAt) && now < expiresAt);
}

function checkStanding(record: KeyRecord, request: VerifyRequest): RefusalCode | null {
  if (record.state !== "active") return "SUSPENDED";
  if (record.accountState !== "active") return "ACCOUNT_SUSPENDED";
  if (request.environment !== record.environment) return "WRONG_ENVIRONMENT";
  if (request.account !== undefined && request.account !== record.account) return "WRONG_ACCOUNT";
  return null;
}

/** What the key is bound to must be said by the request: a verifier that does not know cannot vouch for it (B6). */
function checkBindings(record: KeyRecord, request: VerifyRequest): RefusalCode | null {
  if (record.audiences.length > 0) {
    if (request.audience === undefined || !record.audiences.includes(request.audience)) return "AUDIENCE_NOT_ALLOWED";
  }
  if (record.allowedIps.length > 0) {
    if (request.ip === undefined || !cidrsOf(record.allowedIps).contains(request.ip)) return "IP_NOT_ALLOWED";
  }
  if (record.allowedReferrers.length > 0 && !referrersOf(record.allowedReferrers).matches(request)) {
    return "REFERRER_NOT_ALLOWED";
  }
  return null;
}

function checkAccess(record: KeyRecord, version: VersionRecord, request: VerifyRequest, catalogue: Catalogue): Verdict {
  const { method, path, scopes } = request;
  let route: RouteMatch | null = null;
  if (path !== undefined) {
    // A path without its method cannot be looked up; passing it over would open what the caller meant to have checked.
    const found = method === undefined ? "ambiguous" : catalogue.routes.resolve(method, path);
    if (typeof found !== "string") route = found;
    else if (found === "ambiguous" || catalogue.unmapped !== "allow") return refuse("ROUTE_NOT_MAPPED", record, null);
    else if (!mayUseUnmapped(record, method)) return lacking(record, null, []);
  }
  const routeOpen = route === null || satisfiesName(record, route.scope, catalogue, method);
  const scopesHeld = scopes === undefined || satisfies(record, scopes, catalogue, method);
  if (!routeOpen || !scopesHeld) {
    const names = route === null || routeOpen ? [] : missingScopes(record, [route.scope], catalogue, method);
    if (scopes !== undefined) names.push(...missingScopes(record, scopes, catalogue, method));
    return lacking(record, route, names);
  }
  return {
    valid: true,
    code: "VALID",
    checked: route !== null ? "route" : scopes !== undefined ? "scopes" : "identity",
    route: route === null ? null : route.template,
    record,
    version: version.version,
    expiresAt: earlier(record.expiresAt, version.expiresAt),
  };
}

/**
 * Where the platform lets unmapped routes pass, a key that holds nothing still gets nothing, and one that holds a tier
 * alone keeps to the methods of that tier (B1).
 */
function mayUseUnmapped(record: KeyRecord, method: string | undefined): boolean {
  if (record.scopes.length > 0) return true;
  return record.tier !== null && method !== undefined && tierAllowsMethod(record.tier, method);
}

function lacking(record: KeyRecord, route: RouteMatch | null, names: readonly string[]): Verdict {
  return {
    valid: false,
    code: "INSUFFICIENT_SCOPE",
    record,
    missing: [...new Set(names)],
    route: route === null ? null : route.template,
  };
}

function refuse(code: RefusalCode, record: KeyRecord, route?: null): Verdict {
  return route === undefined ? { valid: false, code, record } : { valid: false, code, record, route };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}

/**
 * Compiled lists, remembered by the identity of the list and not of the record: a record that was given another list
 * can never be judged by the old one.
 */
const cidrSets = new WeakMap<readonly string[], CidrSet>();
const referrerSets = new WeakMap<readonly string[], ReferrerSet>();

function cidrsOf(list: readonly string[]): CidrSet {
  let set = cidrSets.get(list);
  if (set === undefined) {
    set = compileCidrs(list);
    cidrSets.set(list, set);
  }
  return set;
}

function referrersOf(list: readonly string[]): ReferrerSet {
  let set = referrerSets.get(list);
  if (set === undefined) {
    set = compileReferrers(list);
    referrerSets.set(list, set);
  }
  return set;
}
