import type { Catalogue } from "./catalogue.ts";
import { isWildcard } from "./names.ts";
import { type Grant, spannedBy } from "./satisfies.ts";
import { type Tier, tierAtLeast } from "./tier.ts";

/** What a member is in an account. */
export type Role = "owner" | "admin" | "developer" | "viewer";

/** All roles, strongest first. */
export const ROLES: readonly Role[] = Object.freeze(["owner", "admin", "developer", "viewer"] as const);

/** What each role may grant: scopes up to a tier (null: none at all), and whether sensitive ones too. */
export type RoleRules = Readonly<Record<Role, { readonly tier: Tier | null; readonly sensitive: boolean }>>;

/** The rules of B5. What the account's plan allows is bounded elsewhere. */
export const DEFAULT_ROLE_RULES: RoleRules = Object.freeze({
  owner: Object.freeze({ tier: "admin", sensitive: true }),
  admin: Object.freeze({ tier: "admin", sensitive: true }),
  developer: Object.freeze({ tier: "write", sensitive: false }),
  viewer: Object.freeze({ tier: null, sensitive: false }),
});

/** `excess` names what the role may not grant: a tier, scope names (wildcards expanded), each once. */
export type RoleVerdict = { readonly ok: true } | { readonly ok: false; readonly excess: string[] };

const ALLOWED: RoleVerdict = Object.freeze({ ok: true });

/**
 * Whether a member in this role may give a key this grant (B5). A role without a tier may give nothing, not even an
 * empty grant. A name that the catalogue lacks is in excess for every role that is bounded at all.
 */
export function roleMayGrant(
  role: Role,
  grant: Grant,
  catalogue: Catalogue,
  rules: RoleRules = DEFAULT_ROLE_RULES,
): RoleVerdict {
  const rule = rules[role];
  if (rule.tier === null) return { ok: false, excess: [...(grant.tier === null ? [] : [grant.tier]), ...grant.scopes] };
  if (rule.tier === "admin" && rule.sensitive) return ALLOWED;
  const excess = new Set<string>();
  if (grant.tier !== null && !tierAtLeast(rule.tier, grant.tier)) excess.add(grant.tier);
  for (const granted of grant.scopes) {
    for (const name of namesOf(granted, catalogue)) {
      const scope = catalogue.scopes.get(name);
      const within = scope !== undefined && tierAtLeast(rule.tier, scope.tier) && (rule.sensitive || !scope.sensitive);
      if (!within) excess.add(name);
    }
  }
  return excess.size === 0 ? ALLOWED : { ok: false, excess: [...excess] };
}

/** What a granted name amounts to; a wildcard that spans nothing stands for itself. */
function namesOf(granted: string, catalogue: Catalogue): string[] {
  if (!isWildcard(granted)) return [granted];
  const names = Array.from(spannedBy(granted, catalogue), (scope) => scope.name);
  return names.length === 0 ? [granted] : names;
}
