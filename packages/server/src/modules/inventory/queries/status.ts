/** The status of a key `k`, which time alone can change. */
import { type RawBuilder, sql } from "kysely";
import { EXPIRING_MS, type KeyStatus } from "../../keys/index.ts";

/** By the expiry alone. */
export function expiryCondition(status: "active" | "expiring" | "expired", now: Date): RawBuilder<unknown> {
  const [expires, late] = [sql.ref("k.expires_or_never"), new Date(now.getTime() + EXPIRING_MS)];
  if (status === "expired") return sql`${expires} <= ${now}`;
  return status === "active" ? sql`${expires} > ${late}` : sql`${expires} > ${now} AND ${expires} <= ${late}`;
}

/** The status of a key `k`. */
export function statusExpression(now: Date): RawBuilder<KeyStatus> {
  const cases = Object.entries(statusConditions(now)).map(([status, is]) => sql`WHEN ${is} THEN ${sql.lit(status)}`);
  return sql`CASE ${sql.join(cases, sql` `)} END`;
}

/** The same order as `statusOf`, as SQL; of one key one of them holds. */
export function statusConditions(now: Date): Record<KeyStatus, RawBuilder<unknown>> {
  const unexpired = sql`k.expires_or_never > ${now}`;
  const rotating = sql`k.rotating_until > ${now}`;
  return {
    requested: sql`k.kind = 'requested' AND k.state = 'active' AND ${unexpired}`,
    rotating: sql`k.state = 'active' AND ${unexpired} AND ${rotating}`,
    revoked: sql`k.state = 'revoked'`,
    expired: sql`k.state <> 'revoked' AND ${expiryCondition("expired", now)}`,
    suspended: sql`k.state = 'suspended' AND ${unexpired}`,
    expiring: sql`k.state = 'active' AND ${expiryCondition("expiring", now)} AND (${rotating}) IS NOT TRUE`,
    active: sql`k.state = 'active' AND ${expiryCondition("active", now)} AND (${rotating}) IS NOT TRUE`,
  };
}
