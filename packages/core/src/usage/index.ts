/**
 * Uses: what becomes known of each verification, gathered where it happens.
 *
 * Nouns: a *use* is one verification of a key that is known; a *cell* counts all uses that have the same key, outcome and
 * circumstances; a *detail* is one use's own part; a *stranger* presented no genuine key.
 * Invariants: cells are exact, details are a sample where there are many; no text that is recorded holds a key of this
 * format; everything is bounded, whatever callers send.
 */
export { foldPath } from "./fold-path.ts";
export type { NotedRequest, NotedUse } from "./noted-use.ts";
export { type PackedUses, packUses, unpackUses, usesIn } from "./packed-uses.ts";
export { recordable } from "./recordable.ts";
export {
  type Durations,
  type StatusCounts,
  type StrangerCount,
  USE_LIMITS,
  type UseBatch,
  type UseCell,
  type UseDetail,
} from "./use-batch.ts";
export { UseLog, type UseLogOptions } from "./use-log.ts";
