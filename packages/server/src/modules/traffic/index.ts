/**
 * Traffic: what became of every verification of a genuine key, as raw events for a while and as exact counts for longer; and what
 * presented no genuine key, by network.
 *
 * Nouns: a batch is what one process saw for about a second; a cell all verifications of it that have everything in common but
 * time, request, status and duration; an event a row of raw usage; a bound the number of distinct values that a caller can put
 * into a table of counts, beyond which everything is counted under `*`.
 * Invariants: verification never waits for this; a batch is counted once, and acknowledged after it was committed, whether it was counted
 * with that or only logged, to be counted some seconds later together with others; counts are never
 * sampled, and the raw events of a period, each weighted by what it stands for, add up to them; nobody is credited with keys
 * that are not of the sender's environment; rows are written in one order, so that two nodes never wait for each other in a
 * circle; what waits in memory is bounded. A crash loses what was handed over and not yet acknowledged, and is missed: what is known
 * to be missing in counts, and which processes went away with uses in hand, is written down.
 */

export { type Countries, createCountries } from "./countries.ts";
export { routesOfScopes } from "./endpoint-scopes.ts";
export { createUseFlush, type UseSource } from "./flush-uses.ts";
export { createHandOver } from "./hand-over-uses.ts";
export { inspectKey } from "./inspect-key.ts";
export { type KeptUsage, keepPartitions } from "./keep-partitions.ts";
export { networkOf } from "./network-of.ts";
export { closeWriting, openWriting } from "./open-writing.ts";
export { forgetBatches } from "./queries/batches.ts";
export {
  type CallerRow,
  isAhead,
  knownUntil,
  type PartRow,
  selectCallerParts as callerPartsOf,
  selectCallerRows as callersOf,
  selectWritten as writtenOf,
} from "./queries/callers.ts";
export { eraseUses } from "./queries/erase.ts";
export { postgresEvents } from "./queries/events.ts";
export { type OutcomeRow as Outcome, selectOutcomes as outcomesOf } from "./queries/key-usage.ts";
export { type StrangerFilter, selectStrangers as listStrangers } from "./queries/strangers.ts";
export { selectKeyUses as usesOfKeys, selectUsed as usedVersionsOf } from "./queries/version-traffic.ts";
export { type Reconciliation, reconcileUsage } from "./reconcile-usage.ts";
export type { Senders } from "./senders.ts";
export { grantFor } from "./suggest-grant.ts";
export { usageRoutes } from "./traffic.api.ts";
export { type UsageMetrics, type UsageSender, UsageWriter } from "./usage-writer.ts";
export { type KeyTraffic, type VersionTraffic, versionTraffic, withoutSources } from "./version-traffic.ts";
export { makePastMonths, writePast } from "./write-past.ts";
export { writeUses } from "./write-uses.ts";
