/**
 * Metering: what each key was used for by month, for billing by usage.
 *
 * Nouns: a period is a month of UTC; what happened after its own month had closed is carried to the oldest one that is open.
 * States: a period is open, and closes once, some time after its end; from then on nothing of it changes.
 * Invariants: everything that is counted is metered in the transaction that counts it, once and unsampled; nobody adds to a closed
 * period, because whoever adds shares a lock that whoever closes takes alone, and the database refuses it besides; sums by the month
 * of counting equal the counts by day.
 * A budget is what an account or a key is meant to use in a month; it refuses nothing. Passing 50, 80 and 100 % of it is recorded
 * once for each month, by a job, which what a flush leaves behind tells where to look.
 * Events out: metering.closed, budget.crossed.
 */
export { type ClosePorts, closePeriods } from "./close-periods.ts";
export { type MeteredUse, MeterFold } from "./metered-use.ts";
export { meteringRoutes } from "./metering.api.ts";
export { addMetered, beginMetering } from "./metering.store.ts";
export { createBudgetWatch } from "./watch-budgets.ts";
