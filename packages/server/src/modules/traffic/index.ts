/**
 * Traffic: when each version of a key was first and last accepted and last refused, and how often, by day.
 *
 * Invariants: verification never waits for this; counts are taken in memory and added in batches, in the order of key ids so that two
 * nodes never wait for each other in a circle. A crash loses what was counted since the last flush.
 */
export { flushUses } from "./flush-uses.ts";
export { createUseCounts, type UseCount, type UseCounts } from "./use-counts.ts";
