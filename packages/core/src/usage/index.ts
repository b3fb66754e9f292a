/** Uses: what becomes known of each verification, gathered where it happens. */
export {
  type Durations,
  type StatusCounts,
  type StrangerCount,
  USE_LIMITS,
  type UseBatch,
  type UseCell,
  type UseDetail,
} from "./use-batch.ts";
