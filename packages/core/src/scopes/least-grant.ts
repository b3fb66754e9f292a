import type { Catalogue } from "./catalogue.ts";
import { withinGrant } from "./grant.ts";
import { type Grant, isNamed, satisfiesName } from "./satisfies.ts";
import { isTier, TIERS, tierAtLeast } from "./tier.ts";

/** A request that was accepted: what its endpoint or the program asks for (a scope, a tier or a wildcard), and the method. */
export interface ScopeUse {
  readonly scope: string;
  /** Undefined: it was not told. */
  readonly method: string | undefined;
}

/**
 * The least grant within `grant` under which all of these would have been accepted; null where none is less (B7). By names alone
 * where that opens nothing new; else by the lowest tier, and by name only what was granted so.
 */
export function leastGrant(grant: Grant, uses: readonly ScopeUse[], catalogue: Catalogue): Grant | null {
  const names = [...new Set(uses.map(({ scope }) => scope))].filter((name) => !isTier(name)).sort();
  const named = names.filter((name) => {
    const scope = catalogue.scopes.get(name);
    return grant.scopes.includes(name) || (scope !== undefined && isNamed(grant.scopes, scope));
  });
  const byTier = TIERS.filter((tier) => tierAtLeast(grant.tier, tier)).map((tier) => ({ tier, scopes: named }));
  const least = [{ tier: null, scopes: names }, ...byTier].find(
    (candidate) => withinGrant(candidate, grant, catalogue) && suffices(candidate, uses, catalogue),
  );
  return least === undefined || withinGrant(grant, least, catalogue) ? null : least;
}

/** The names of the catalogue that a grant opens, with some method or other; sorted. */
export function openedScopes(grant: Grant, catalogue: Catalogue): string[] {
  return [...catalogue.scopes.keys()].filter((name) => satisfiesName(grant, name, catalogue)).sort();
}

function suffices(grant: Grant, uses: readonly ScopeUse[], catalogue: Catalogue): boolean {
  return uses.every(({ scope, method }) => satisfiesName(grant, scope, catalogue, method));
}
