import type { Catalogue } from "./catalogue.ts";
import type { Grant } from "./grant.ts";
import type { Tier } from "./tier.ts";
export type Role = "owner" | "admin" | "developer" | "viewer";
export const ROLES: readonly Role[] = Object.freeze(["owner", "admin", "developer", "viewer"] as const);
export type RoleRules = Readonly<Record<Role, { readonly tier: Tier | null; readonly sensitive: boolean }>>;
export const DEFAULT_ROLE_RULES: RoleRules = Object.freeze({
  owner: { tier: "admin", sensitive: true },
  admin: { tier: "admin", sensitive: true },
  developer: { tier: "write", sensitive: false },
  viewer: { tier: null, sensitive: false },
});
export type RoleVerdict = { readonly ok: true } | { readonly ok: false; readonly excess: string[] };
export function roleMayGrant(_role: Role, _grant: Grant, _catalogue: Catalogue, _rules?: RoleRules): RoleVerdict {
  throw new TypeError("not written yet");
}
