export { type Catalogue, type CatalogueInput, compileCatalogue, type ScopeDefinition } from "./catalogue.ts";
export { expandedScopes, expandScopes, isAdminGrant, isSensitiveGrant, withinGrant } from "./grant.ts";
export { leastGrant, openedScopes, type ScopeUse } from "./least-grant.ts";
export { checkGrantedScope, checkScopeName, isWildcard } from "./names.ts";
export { checkScopeQuery, type ScopeQuery } from "./query.ts";
export { DEFAULT_ROLE_RULES, ROLES, type Role, type RoleRules, type RoleVerdict, roleMayGrant } from "./roles.ts";
export { type Grant, missingScopes, satisfies } from "./satisfies.ts";
export { isTier, TIERS, type Tier, tierAllowsMethod, tierAtLeast } from "./tier.ts";
