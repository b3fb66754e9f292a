import type { KeyRecord, RefusalCode, Tier } from "@claviger/core";
import type { LimitStanding } from "../verifier/verification.ts";

/** A key of the double. What is left out is as in a new key: active, of version 1, without end, bound to nothing. */
export interface TestKey {
  readonly account: string;
  readonly scopes?: readonly string[] | undefined;
  readonly tier?: Tier | undefined;
  /** Default: that of the verifier. */
  readonly environment?: string | undefined;
  /** Default: `key_` and the secret. */
  readonly keyId?: string | undefined;
  readonly version?: number | undefined;
  /** RFC 3339. */
  readonly expiresAt?: string | undefined;
  /** RFC 3339: the version presented ends then, before the key does. */
  readonly retiresAt?: string | undefined;
  readonly status?: "active" | "suspended" | "revoked" | undefined;
  readonly accountStatus?: "active" | "suspended" | undefined;
  readonly allowedIps?: readonly string[] | undefined;
  readonly allowedReferrers?: readonly string[] | undefined;
  readonly audiences?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Shown with every verdict on it; nothing is counted. */
  readonly limits?: readonly LimitStanding[] | undefined;
  /** Refuse whatever would have been accepted, such as RATE_LIMITED. */
  readonly refuse?: RefusalCode | undefined;
  /** With `refuse`: milliseconds until the same request may pass. */
  readonly retryAfterMs?: number | undefined;
}

/** A key of the double as the rules of the real one need it. Throws TypeError for a time that is none. */
export function recordOf(secret: string, key: TestKey, environment: string): KeyRecord {
  return {
    keyId: key.keyId ?? `key_${secret}`,
    account: key.account,
    environment: key.environment ?? environment,
    state: key.status ?? "active",
    accountState: key.accountStatus ?? "active",
    expiresAt: timeOf(key.expiresAt),
    tier: key.tier ?? null,
    scopes: key.scopes ?? [],
    versions: [{ version: key.version ?? 1, state: "active", expiresAt: timeOf(key.retiresAt) }],
    allowedIps: key.allowedIps ?? [],
    allowedReferrers: key.allowedReferrers ?? [],
    audiences: key.audiences ?? [],
    metadata: key.metadata ?? {},
    subjects: [],
  };
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new TypeError(`${text} is no time such as 2030-01-31T09:00:00Z`);
  return time;
}
