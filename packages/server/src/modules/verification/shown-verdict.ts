import { type Catalogue, expandScopes, retirementOf } from "@claviger/core";
import type { Outcome, Standing } from "./verify-key.ts";

/** The verdict as the contract shows it to the owner of the verifier. */
export function showVerdict({ verdict, standing }: Outcome, catalogue: Catalogue | undefined): Record<string, unknown> {
  const { record } = verdict;
  const identity =
    record === null ? {} : { keyId: record.keyId, account: record.account, environment: record.environment };
  if (!verdict.valid) {
    return {
      valid: false,
      code: verdict.code,
      ...identity,
      ...(verdict.missing === undefined ? {} : { missing: verdict.missing }),
      ...(verdict.route === undefined ? {} : { route: verdict.route }),
      ...(standing === null
        ? {}
        : { limits: showLimits(standing), retryAfterMs: roundedUp(standing.refusal?.retryAfterMs) }),
    };
  }
  const retiresAt = retirementOf(verdict.record, verdict.version);
  return {
    valid: true,
    code: "VALID",
    checked: verdict.checked,
    ...identity,
    version: verdict.version,
    scopes: catalogue === undefined ? verdict.record.scopes : expandScopes(verdict.record.scopes, catalogue),
    tier: verdict.record.tier,
    expiresAt: verdict.expiresAt === null ? null : new Date(verdict.expiresAt).toISOString(),
    ...(retiresAt === null ? {} : { retiresAt: new Date(retiresAt).toISOString() }),
    limits: standing === null ? [] : showLimits(standing),
    metadata: verdict.record.metadata,
    ...(verdict.route === null ? {} : { route: verdict.route }),
  };
}

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
