/**
 * Limits, the pure half: what a limit is, which limits bind a key, what was spent within a window, which calendar period a
 * time is in, and how a store divides an amount among those who spend it.
 */
export {
  type BlockAnswer,
  type BlockRequest,
  type Estate,
  type GiveBack,
  giveBackBlock,
  grantShare,
  type QuotaRecord,
  type Refilled,
  type ShareAnswer,
  type ShareRecord,
  type ShareRequest,
  spentOf,
  takeBlock,
} from "./budget.ts";
export { checkLimits, type Limit, MAX_AMOUNT, MAX_LIMITS } from "./limit.ts";
export { type LimitState, rateLimitHeaders } from "./limit-state.ts";
export { type CalendarUnit, forgottenAt, periodAt, periodEnd, WINDOW_MS } from "./periods.ts";
export {
  type AppliedLimit,
  countsOn,
  type LimitHolders,
  limitsFrom,
  type ResolvedLimit,
  resolveLimits,
  type Throttle,
} from "./resolve-limits.ts";
export { SlidingLog, type SpentGroup } from "./sliding-log.ts";
