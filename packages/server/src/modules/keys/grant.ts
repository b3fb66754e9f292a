import {
  type Catalogue,
  ClavigerError,
  expandScopes,
  type FieldError,
  type Grant,
  isAdminGrant,
  isWildcard,
  type Role,
  roleMayGrant,
} from "@claviger/core";
import { MANAGEMENT_CATALOGUE } from "../../kernel/management-catalogue.ts";
import type { Key } from "./key.ts";
import type { Authority } from "./ports.ts";

/** Says which of the asked scopes the catalogue does not know; a wildcard must match something. */
export function checkKnown(scopes: readonly string[], catalogue: Catalogue): FieldError[] {
  const faults: FieldError[] = [];
  for (const [index, name] of scopes.entries()) {
    const known = isWildcard(name) ? expandScopes([name], catalogue).length > 0 : catalogue.scopes.has(name);
    if (!known) faults.push({ path: `scopes[${index}]`, message: `the catalogue has no scope ${name}` });
  }
  return faults;
}

/** Admin grants need a written rationale (A2). Throws VALIDATION_FAILED. */
export function demandRationale(grant: Grant, rationale: string | null, catalogue: Catalogue): void {
  if (rationale !== null && rationale !== "") return;
  if (!isAdminGrant(grant, catalogue)) return;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "rationale", message: "admin scopes need a written rationale" }],
  });
}

/** A member grants no more than their role allows (B5). Throws GRANT_EXCEEDED. */
export function demandRole(role: Role, grant: Grant, catalogue: Catalogue): void {
  const verdict = roleMayGrant(role, grant, catalogue);
  if (verdict.ok) return;
  throw exceeded(verdict.excess, `the role ${role} may not grant`);
}

/**
 * A plan or environment that lists scopes allows those and no others; a tier only where it is listed by its name.
 * Throws GRANT_EXCEEDED.
 */
export function demandListed(list: readonly string[] | null, what: string, grant: Grant, catalogue: Catalogue): void {
  if (list === null) return;
  const allowed = new Set([...list, ...expandScopes(list, catalogue)]);
  const asked = [...expandScopes(grant.scopes, catalogue), ...(grant.tier === null ? [] : [grant.tier])];
  const excess = asked.filter((name) => !allowed.has(name));
  if (excess.length > 0) throw exceeded(excess, `${what} does not allow`);
}

function exceeded(names: readonly string[], why: string): ClavigerError {
  return new ClavigerError("GRANT_EXCEEDED", {
    errors: names.map((name) => ({
      path: name === "read" || name === "write" || name === "admin" ? "tier" : "scopes",
      message: `${why} ${name}`,
    })),
  });
}

const VERIFY = "verify";
const MANAGE = "claviger:management:write";

/** Management keys are seen and handled only by who may make them. */
export function mayManage(authority: Pick<Authority, "scopes">): boolean {
  return authority.scopes.has(MANAGE);
}

/** What a new management key may hold: known names, none that the maker lacks, and `verify` alone or not at all. */
export function demandManagementGrant(grant: Grant, environment: string | null, authority: Authority): void {
  const catalogue = MANAGEMENT_CATALOGUE;
  if (!mayManage(authority)) throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: MANAGE } });
  const faults = checkKnown(grant.scopes, catalogue);
  if (grant.tier !== null) faults.push({ path: "tier", message: "management keys have scopes, not tiers" });
  const verifies = grant.scopes.includes(VERIFY);
  if (verifies && grant.scopes.length > 1) {
    faults.push({ path: "scopes", message: "a key with the scope verify can hold no other" });
  }
  if (verifies && environment === null) {
    faults.push({ path: "environment", message: "a key with the scope verify is bound to an environment" });
  }
  if (!verifies && environment !== null) {
    faults.push({ path: "environment", message: "only a key with the scope verify is bound to an environment" });
  }
  if (faults.length > 0) throw new ClavigerError("VALIDATION_FAILED", { errors: faults });
  const excess = expandScopes(grant.scopes, catalogue).filter((name) => !authority.scopes.has(name));
  if (excess.length > 0) throw exceeded(excess, "the key that asks does not hold");
}

/** What only means something for callers of the platform's API; a management key that had it would lock itself out. */
const CALLERS_FIELDS = ["audiences", "allowedReferrers", "limits"] as const;

/** Throws VALIDATION_FAILED. */
export function demandManagementShape(key: Pick<Key, (typeof CALLERS_FIELDS)[number]>): void {
  const faults = CALLERS_FIELDS.filter((field) => key[field].length > 0);
  if (faults.length === 0) return;
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: faults.map((path) => ({ path, message: "management keys have none" })),
  });
}
