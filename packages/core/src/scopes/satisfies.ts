import type { Catalogue, ScopeDefinition } from "./catalogue.ts";
import { isWildcard, wildcardSpans } from "./names.ts";
import { checkScopeQuery, type ScopeQuery } from "./query.ts";
import { isTier, type Tier, tierAllowsMethod, tierAtLeast } from "./tier.ts";

/** What a key holds: a tier, scopes (names and wildcards), or both. Neither means nothing. */
export interface Grant {
  readonly tier: Tier | null;
  readonly scopes: readonly string[];
}

/**
 * Whether a grant answers a query (B1, B8). Total and monotone: whatever is not understood counts as not satisfied,
 * and as there is no negation, that can only refuse.
 *
 * @param method HTTP method of the request, if known; it bounds what a tier opens, not what is granted by name
 */
export function satisfies(grant: Grant, query: ScopeQuery, catalogue: Catalogue, method?: string): boolean {
  if (!isNameList(query)) return checkScopeQuery(query) === null && satisfiesQuery(grant, query, catalogue, method);
  if (query.length === 0) return false;
  for (const name of query) if (!satisfiesName(grant, name, catalogue, method)) return false;
  return true;
}

/**
 * Names that the grant lacks for a query, without duplicates, in the order of the query; of `any`, the alternative
 * that lacks the fewest. Empty if the query is satisfied or can be satisfied by nothing. Meant for the `scope`
 * attribute of RFC 6750, so names that this attribute cannot carry are left out.
 */
export function missingScopes(grant: Grant, query: ScopeQuery, catalogue: Catalogue, method?: string): string[] {
  if (checkScopeQuery(query) !== null) return [];
  return [...new Set(missing(grant, query, catalogue, method))].filter((name) => SCOPE_TOKEN.test(name));
}

/** `scope-token` of RFC 6749, section 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Whether a grant covers one required name: a tier, a scope of the catalogue, or a wildcard, which asks for every name
 * that the same wildcard would grant, and for at least one.
 */
export function satisfiesName(grant: Grant, name: string, catalogue: Catalogue, method?: string): boolean {
  if (isTier(name)) {
    return tierAtLeast(grant.tier, name) && tierMayUse(grant.tier, method);
  }
  const scope = catalogue.scopes.get(name);
  if (scope !== undefined) return holds(grant, scope, method);
  return typeof name === "string" && isWildcard(name) && satisfiesWildcard(grant, name, catalogue, method);
}

/** The names a wildcard stands for: those of the catalogue below it, without the sensitive ones. */
export function* spannedBy(wildcard: string, catalogue: Catalogue): Generator<ScopeDefinition, void> {
  for (const scope of catalogue.scopes.values()) {
    if (!scope.sensitive && wildcardSpans(wildcard, scope.name)) yield scope;
  }
}

/** Whether a scope is among the granted ones, by its name or, unless sensitive, by a wildcard. */
export function isNamed(scopes: readonly string[], scope: ScopeDefinition): boolean {
  for (const granted of scopes) {
    if (granted === scope.name) return true;
    if (!scope.sensitive && wildcardSpans(granted, scope.name)) return true;
  }
  return false;
}

function holds(grant: Grant, scope: ScopeDefinition, method: string | undefined): boolean {
  if (isNamed(grant.scopes, scope)) return true;
  return !scope.sensitive && tierAtLeast(grant.tier, scope.tier) && tierMayUse(grant.tier, method);
}

function tierMayUse(tier: Tier | null, method: string | undefined): boolean {
  return tier !== null && (method === undefined || tierAllowsMethod(tier, method));
}

function satisfiesWildcard(grant: Grant, wildcard: string, catalogue: Catalogue, method: string | undefined): boolean {
  let any = false;
  for (const scope of spannedBy(wildcard, catalogue)) {
    if (!holds(grant, scope, method)) return false;
    any = true;
  }
  return any;
}

function isNameList(query: ScopeQuery): query is readonly string[] {
  return Array.isArray(query);
}

/** The query has passed `checkScopeQuery`, so recursion is bounded. */
function satisfiesQuery(grant: Grant, query: ScopeQuery, catalogue: Catalogue, method: string | undefined): boolean {
  if (isNameList(query)) return satisfies(grant, query, catalogue, method);
  const part = (p: string | ScopeQuery) =>
    typeof p === "string" ? satisfiesName(grant, p, catalogue, method) : satisfiesQuery(grant, p, catalogue, method);
  if ("any" in query) return query.any.some(part);
  return query.all.length > 0 && query.all.every(part);
}

function missing(grant: Grant, query: ScopeQuery, catalogue: Catalogue, method: string | undefined): string[] {
  const ofPart = (part: string | ScopeQuery): string[] => {
    if (typeof part !== "string") return missing(grant, part, catalogue, method);
    return satisfiesName(grant, part, catalogue, method) ? [] : [part];
  };
  if (satisfiesQuery(grant, query, catalogue, method)) return [];
  if (isNameList(query)) return query.flatMap(ofPart);
  if (!("any" in query)) return query.all.flatMap(ofPart);
  let fewest: string[] = [];
  for (const part of query.any) {
    const names = ofPart(part);
    if (names.length > 0 && (fewest.length === 0 || names.length < fewest.length)) fewest = names;
  }
  return fewest;
}
