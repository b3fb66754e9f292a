/**
 * Limits: rate limits, quotas and credits, spent where the request is, never beyond their amount (C6). The limiter itself,
 * with its nouns, states and invariants, is in core (`packages/core/src/limiter`), because verifiers run it as well; here is
 * where its budgets are recorded.
 */
export type { Limiter, LimiterOptions, LimitOutcome, LimitRefusal } from "@claviger/core";
export { createNodeLimiter } from "./node-limiter.ts";
