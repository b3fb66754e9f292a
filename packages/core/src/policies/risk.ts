import { type Catalogue, expandScopes, type Grant, isSensitiveGrant, type Tier, tierAtLeast } from "../scopes/index.ts";
import type { ApprovalKind, ApprovalRule, Risk } from "./policy.ts";

function reaches(grant: Grant, tier: Tier, catalogue: Catalogue): boolean {
  if (tierAtLeast(grant.tier, tier)) return true;
  return expandScopes(grant.scopes, catalogue).some((name) =>
    tierAtLeast(catalogue.scopes.get(name)?.tier ?? null, tier),
  );
}

/**
 * The risk of a grant: `high` where it names a sensitive scope or reaches the tier admin, `elevated` where it reaches write, else
 * `low`. A scope reaches its own tier, a wildcard those of all that it spans.
 */
export function riskOf(grant: Grant, catalogue: Catalogue): Risk {
  if (isSensitiveGrant(grant, catalogue) || reaches(grant, "admin", catalogue)) return "high";
  return reaches(grant, "write", catalogue) ? "elevated" : "low";
}

/** What a rule is about that names no acts. Rotations in an emergency wait for nobody unless policy says so by name. */
const USUAL_ACTS: readonly ApprovalKind[] = ["create", "update"];

/** Whose approval an act on a key needs by these rules: the platform's where any rule that applies says so, null where none applies. */
export function approverOf(
  rules: readonly ApprovalRule[],
  act: ApprovalKind,
  key: { readonly grant: Grant; readonly environment: string | null },
  catalogue: Catalogue,
): ApprovalRule["by"] | null {
  const applying = rules.filter(
    ({ acts = USUAL_ACTS, tiers, sensitive, environments }) =>
      acts.includes(act) &&
      (tiers === undefined || tiers.some((tier) => reaches(key.grant, tier, catalogue))) &&
      (sensitive !== true || isSensitiveGrant(key.grant, catalogue)) &&
      (environments === undefined || (key.environment !== null && environments.includes(key.environment))),
  );
  if (applying.length === 0) return null;
  return applying.some(({ by }) => by === "staff") ? "staff" : "account";
}
