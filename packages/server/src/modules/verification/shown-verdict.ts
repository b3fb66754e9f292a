import { type Catalogue, expandedScopes } from "@claviger/core";
import type { Outcome, Standing } from "./verify-key.ts";

/** The verdict as the contract shows it to the owner of the verifier, as a value for JSON: what is undefined is left out. */
export function showVerdict({ verdict, key, standing }: Outcome, catalogue: Catalogue | undefined): object {
  if (key === null) return { valid: false, code: verdict.code };
  if (!verdict.valid) {
    return {
      valid: false,
      code: verdict.code,
      keyId: key.keyId,
      account: key.account,
      environment: key.environment,
      missing: verdict.missing,
      route: verdict.route,
      limits: standing === null ? undefined : showLimits(standing),
      retryAfterMs: standing === null ? undefined : roundedUp(standing.refusal?.retryAfterMs),
    };
  }
  return {
    valid: true,
    code: "VALID",
    checked: verdict.checked,
    keyId: key.keyId,
    account: key.account,
    environment: key.environment,
    version: verdict.version,
    scopes: catalogue === undefined ? key.scopes : expandedScopes(key.scopes, catalogue),
    tier: key.tier,
    expiresAt: verdict.expiresAt === null ? null : new Date(verdict.expiresAt).toISOString(),
    retiresAt: key.retiresAt === null ? undefined : new Date(key.retiresAt).toISOString(),
    limits: standing === null ? NO_LIMITS : showLimits(standing),
    metadata: key.metadata,
    route: verdict.route ?? undefined,
  };
}

const NO_LIMITS: readonly never[] = Object.freeze([]);

function showLimits({ limits, states }: Standing): unknown[] {
  return states.map((state, index) => ({
    name: state.name,
    per: limits[index]?.per,
    limit: state.limit,
    remaining: state.remaining,
    resetAt: state.resetAt === null ? null : new Date(state.resetAt).toISOString(),
  }));
}

/** Whole milliseconds, so that who waits that long is not too early; null for never. */
export function roundedUp(milliseconds: number | null | undefined): number | null {
  return milliseconds == null ? null : Math.ceil(milliseconds);
}
