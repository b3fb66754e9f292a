/**
 * Limits: rate limits, quotas and credits, spent where the request is, never beyond their amount (C6). The limiter itself,
 * with its nouns, states and invariants, is in core (`packages/core/src/limiter`), because verifiers run it as well; here is
 * where its budgets are recorded.
 *
 * Nouns: the registry says, in PostgreSQL, who holds shares, in which store windows are divided, and which record of each
 * part of it is the current one. The store is PostgreSQL itself (one part), or Redis (one part, in a cluster sixteen).
 * Invariants: a record that was lost, or may have been, is never gone on with: the part begins another epoch, in which nobody
 * is given more until nothing can be missing; PostgreSQL alone says who lives, and no lease depends on Redis.
 */
export type { Limiter, LimiterOptions, LimitOutcome, LimitRefusal } from "@claviger/core";
export { createNodeLimits } from "./node-limits.ts";
export { probeRedis, type RedisFacts } from "./redis/probe-redis.ts";
