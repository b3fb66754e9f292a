/** What a request must get, by what its key was made for: told from the cast alone. */
import { actTime } from "./calendar.ts";
import type { PlannedRequest } from "./plan.ts";

export type Outcome =
  | "VALID"
  | "REVOKED"
  | "EXPIRED"
  | "IP_NOT_ALLOWED"
  | "ROUTE_NOT_MAPPED"
  | "INSUFFICIENT_SCOPE"
  | "QUOTA_EXCEEDED";

/** As a middleware answers it. */
export const STATUS: Readonly<Record<Outcome, number>> = {
  ...{ VALID: 200, REVOKED: 401, EXPIRED: 401, IP_NOT_ALLOWED: 403, ROUTE_NOT_MAPPED: 403 },
  ...{ INSUFFICIENT_SCOPE: 403, QUOTA_EXCEEDED: 429 },
};

/** What each tier opens. */
const OF_TIER: Readonly<Record<"read" | "write" | "admin", readonly string[]>> = {
  read: ["contacts:read"],
  write: ["contacts:read", "contacts:write"],
  admin: ["contacts:read", "contacts:write", "billing:manage"],
};

/** `spent`: what the key has spent before. */
export function outcomeOf({ caller, habit }: PlannedRequest, at: number, spent: number): Outcome {
  const { revokedDaysAgo, expiresDaysAgo, allowedIps, tier, scopes, lifetime } = caller;
  if (revokedDaysAgo !== null && at >= actTime(revokedDaysAgo)) return "REVOKED";
  if (expiresDaysAgo !== null && at >= actTime(expiresDaysAgo)) return "EXPIRED";
  if (allowedIps.length > 0 && !allowedIps.includes(habit.from.network)) return "IP_NOT_ALLOWED";
  if (habit.scope === null) return "ROUTE_NOT_MAPPED";
  const opened = tier === null ? scopes : [...OF_TIER[tier], ...scopes];
  if (!opened.includes(habit.scope)) return "INSUFFICIENT_SCOPE";
  if (lifetime !== null && spent + habit.cost > lifetime) return "QUOTA_EXCEEDED";
  return "VALID";
}
