import { type Database, PLATFORM } from "../../db/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import { countHours, type Difference, hasEventsOf, selectDifferences } from "./queries/reconciliation.ts";

export interface Reconciliation {
  readonly ok: boolean;
  /** UTC days looked at, and those of them whose raw events are still kept and were compared as well. */
  readonly days: number;
  readonly daysWithEvents: number;
  /** Verifications counted in that time. */
  readonly requests: number;
  /** Where two records do not agree, the first hundred. */
  readonly differences: readonly Difference[];
}

const MOST_DIFFERENCES = 100;
const STATEMENT_MS = 50_000;

/**
 * Proves for each UTC day from that of `from` to that of `to` that counts by hour, by day and of all keys, and raw events by
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
  return { ok: differences.length === 0, days, daysWithEvents, requests, differences };
}

function reconcileDay(database: Database, day: number, limit: number) {
  const [from, to] = [new Date(day), new Date(day + DAY_MS)];
  return database.transaction(
    PLATFORM,
    async (tx) => {
      const withEvents = await hasEventsOf(tx, from);
      const differences: Difference[] = [];
      for (const between of withEvents ? (["events", "days", "totals"] as const) : (["days", "totals"] as const)) {
        differences.push(...(await selectDifferences(tx, between, from, to, limit - differences.length)));
      }
      return { withEvents, differences, requests: await countHours(tx, from, to) };
    },
    { isolation: "repeatable read", statementTimeoutMs: STATEMENT_MS },
  );
}
