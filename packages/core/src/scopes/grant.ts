import type { Catalogue } from "./catalogue.ts";
import { isWildcard } from "./names.ts";
import { type Grant, isNamed, spannedBy } from "./satisfies.ts";
import { isTier, tierAtLeast } from "./tier.ts";

/**
 * The explicit names that a list of granted scopes amounts to in this catalogue, sorted and without duplicates.
 * Wildcards become the names below them, never sensitive ones; names that the catalogue lacks are left out, because
 * nobody can hold them.
 */
export function expandScopes(scopes: readonly string[], catalogue: Catalogue): string[] {
  const names = new Set<string>();
  for (const granted of scopes) {
    if (catalogue.scopes.has(granted)) names.add(granted);
    else if (isWildcard(granted)) for (const { name } of spannedBy(granted, catalogue)) names.add(name);
  }
  return [...names].sort();
}

const expanded = new WeakMap<readonly string[], { readonly catalogue: Catalogue; readonly names: readonly string[] }>();

/**
 * The same, remembered by the identity of the list, which must never change, for the last catalogue that was asked for
 * with it. So the same list comes back as long as both are the same.
 */
export function expandedScopes(scopes: readonly string[], catalogue: Catalogue): readonly string[] {
  const known = expanded.get(scopes);
  if (known !== undefined && known.catalogue === catalogue) return known.names;
  const names = Object.freeze(expandScopes(scopes, catalogue));
  expanded.set(scopes, { catalogue, names });
  return names;
}

/** Whether a grant reaches the tier admin, by its tier or by any scope: then it needs a written rationale (A2). */
export function isAdminGrant(grant: Grant, catalogue: Catalogue): boolean {
  if (tierAtLeast(grant.tier, "admin")) return true;
  return expandScopes(grant.scopes, catalogue).some((name) => catalogue.scopes.get(name)?.tier === "admin");
}

/** Whether a grant names a sensitive scope. Tiers and wildcards never bring one. */
export function isSensitiveGrant(grant: Grant, catalogue: Catalogue): boolean {
  return grant.scopes.some((name) => catalogue.scopes.get(name)?.sensitive === true);
}

/**
 * Whether `child` is no stronger than `parent` (B5): a key never makes a stronger one. It errs on the side of no:
 * - a scope by name or wildcard must be held by name or wildcard, or come with the parent's tier; the tier `read`
 *   does not count here, because it opens GET and HEAD only, where a named scope opens every mapped method;
 * - a wildcard must lie below a wildcard of the parent, or its parent hold the tier admin: names that the catalogue
 *   gains later would otherwise come to the child alone;
 * - a name that the catalogue lacks must be held by that very name.
 */
export function withinGrant(child: Grant, parent: Grant, catalogue: Catalogue): boolean {
  if (child.tier !== null && !(isTier(child.tier) && tierAtLeast(parent.tier, child.tier))) return false;
  return child.scopes.every((granted) => coveredBy(granted, parent, catalogue));
}

function coveredBy(granted: string, parent: Grant, catalogue: Catalogue): boolean {
  if (parent.scopes.includes(granted)) return true;
  if (isWildcard(granted)) {
    return tierAtLeast(parent.tier, "admin") || parent.scopes.some((held) => wildcardWithin(granted, held));
  }
  const scope = catalogue.scopes.get(granted);
  if (scope === undefined) return false;
  if (isNamed(parent.scopes, scope)) return true;
  return !scope.sensitive && tierAtLeast(parent.tier, "write") && tierAtLeast(parent.tier, scope.tier);
}

/** Whether `contacts:notes:*` lies below `contacts:*`. */
function wildcardWithin(narrow: string, wide: string): boolean {
  return wide.length > 2 && isWildcard(wide) && narrow.startsWith(wide.slice(0, -1));
}
