import { type Database, PLATFORM } from "../../db/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import { pendingSums } from "./pending-sums.ts";
import { findMonth, selectMeteringDifferences, selectPeriodDifferences } from "./queries/metering.ts";
import { countHours, type Difference, hasEventsOf, selectDifferences } from "./queries/reconciliation.ts";

export interface Reconciliation {
  readonly ok: boolean;
  /** UTC days looked at, and those of them whose raw events are still kept and were compared as well. */
  readonly days: number;
  readonly daysWithEvents: number;
  /** Months of metering that were compared, each as a whole: those of these days for which there is anything to compare with. */
  readonly months: number;
  /** Verifications counted in that time. */
  readonly requests: number;
  /** Where two records do not agree: the first hundred of days, and the first hundred of months. */
  readonly differences: readonly Difference[];
}

const MOST_DIFFERENCES = 100;
const STATEMENT_MS = 50_000;

/**
 * Proves that what was metered, for billing, adds up to counts by day, for each key and whole month of these days for which both are kept,
 * and that closed months hold what they closed with. And proves for each UTC day from that of `from` to that of `to` that counts by hour, by day and of all keys, and raw events by
 * what they stand for, add up to the same: for each key, code and hour. Each day in one snapshot, so that it can run while
 * uses are written. Milliseconds since the epoch. pg errors pass through.
 */
export async function reconcileUsage(database: Database, from: number, to: number): Promise<Reconciliation> {
  let [days, daysWithEvents, requests] = [0, 0, 0];
  const differences: Difference[] = [];
  for (let day = dayOf(from); day <= to; day += DAY_MS) {
    const found = await reconcileDay(database, day, MOST_DIFFERENCES - differences.length);
    days += 1;
    if (found.withEvents) daysWithEvents += 1;
    requests += found.requests;
    differences.push(...found.differences);
    if (differences.length >= MOST_DIFFERENCES) break;
  }
  // Months are looked at whatever was found in days, and what is found in both is told as one.
  let months = 0;
  const ofMonths: Difference[] = [];
  for (let month = monthOf(from); month <= to && ofMonths.length < MOST_DIFFERENCES; month = monthAfter(month)) {
    const found = await reconcileMonth(database, month, MOST_DIFFERENCES - ofMonths.length);
    if (found === null) continue;
    months += 1;
    ofMonths.push(...found);
  }
  differences.push(...ofMonths);
  return { ok: differences.length === 0, days, daysWithEvents, months, requests, differences };
}

function monthOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function monthAfter(month: number): number {
  return monthOf(month + 32 * DAY_MS);
}

/** Null for a month of which there is nothing to compare. */
function reconcileMonth(database: Database, at: number, limit: number): Promise<readonly Difference[] | null> {
  const [month, to] = [new Date(at), new Date(monthAfter(at))];
  return database.transaction(
    PLATFORM,
    async (tx) => {
      const known = await findMonth(tx, month);
      if (known === null || !(known.hasCounts || known.hasSums)) return null;
      const ofKeys = known.hasCounts ? await selectMeteringDifferences(tx, month, to, limit) : [];
      return [...ofKeys, ...(known.hasSums ? await selectPeriodDifferences(tx, month) : [])].slice(0, limit);
    },
    { isolation: "repeatable read", statementTimeoutMs: STATEMENT_MS, idleMs: STATEMENT_MS },
  );
}

function reconcileDay(database: Database, day: number, limit: number) {
  const [from, to] = [new Date(day), new Date(day + DAY_MS)];
  return database.transaction(
    PLATFORM,
    async (tx) => {
      const withEvents = await hasEventsOf(tx, from);
      const pending = withEvents ? await pendingSums(tx, from.getTime(), to.getTime()) : [];
      const differences: Difference[] = [];
      for (const between of withEvents ? (["events", "days", "totals"] as const) : (["days", "totals"] as const)) {
        const asked = { from, to, pending, limit: limit - differences.length };
        differences.push(...(await selectDifferences(tx, between, asked)));
      }
      return { withEvents, differences, requests: await countHours(tx, from, to) };
    },
    { isolation: "repeatable read", statementTimeoutMs: STATEMENT_MS, idleMs: STATEMENT_MS },
  );
}
