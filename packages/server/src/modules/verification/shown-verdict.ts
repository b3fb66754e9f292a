import { type Catalogue, expandScopes } from "@claviger/core";
import type { Outcome } from "./verify-key.ts";

/** The verdict as the contract shows it to the owner of the verifier. */
export function showVerdict({ verdict }: Outcome, catalogue: Catalogue | undefined): Record<string, unknown> {
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
    };
  }
  return {
    valid: true,
    code: "VALID",
    checked: verdict.checked,
    ...identity,
    version: verdict.version,
    scopes: catalogue === undefined ? verdict.record.scopes : expandScopes(verdict.record.scopes, catalogue),
    tier: verdict.record.tier,
    expiresAt: verdict.expiresAt === null ? null : new Date(verdict.expiresAt).toISOString(),
    limits: [],
    metadata: verdict.record.metadata,
    ...(verdict.route === null ? {} : { route: verdict.route }),
  };
}
