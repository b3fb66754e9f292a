/** Keys by status, from sums by day of expiry: pure. */
import type { TallyRow } from "../queries/overview.ts";

interface Statuses {
  readonly total: number;
  readonly active: number;
  readonly expiring: number;
  readonly suspended: number;
  readonly expired: number;
  readonly revoked: number;
}

export interface KeyTally extends Statuses {
  readonly byEnvironment: readonly (Statuses & { readonly environment: string })[];
}

/** Keys of one day that are past a moment of it. */
type Past = Pick<TallyRow, "environment" | "state" | "keys">;

/** Of the two days in which a status changes for some keys, those that have it already. Days are UTC dates. */
export interface TallyMoments {
  readonly today: string;
  readonly expiredToday: readonly Past[];
  /** The day up to a moment of which keys count as expiring. */
  readonly soonDay: string;
  readonly soonByThen: readonly Past[];
}

/** The same order as `statusOf`: revoked > expired > suspended > expiring > active. */
export function tallyKeys(rows: readonly TallyRow[], moments: TallyMoments): KeyTally {
  const environments = [...new Set(rows.map(({ environment }) => environment))].sort();
  const byEnvironment = environments
    .map((environment) => ({
      environment,
      ...statusesOf(
        rows.filter((row) => row.environment === environment),
        moments,
      ),
    }))
    .filter(({ total }) => total > 0);
  const sum = (status: keyof Statuses): number => byEnvironment.reduce((all, each) => all + each[status], 0);
  return {
    ...{ total: sum("total"), active: sum("active"), expiring: sum("expiring"), suspended: sum("suspended") },
    ...{ expired: sum("expired"), revoked: sum("revoked"), byEnvironment },
  };
}

function statusesOf(rows: readonly TallyRow[], moments: TallyMoments): Statuses {
  const found = { total: 0, active: 0, expiring: 0, suspended: 0, expired: 0, revoked: 0 };
  for (const row of rows) {
    found.total += row.keys;
    if (row.state === "revoked") {
      found.revoked += row.keys;
      continue;
    }
    const expired = partOf(row, moments.today, moments.expiredToday);
    const soon = partOf(row, moments.soonDay, moments.soonByThen);
    found.expired += expired;
    if (row.state === "suspended") found.suspended += row.keys - expired;
    else {
      found.expiring += soon - expired;
      found.active += row.keys - soon;
    }
  }
  return found;
}

/** How many of a row's keys expire up to a moment of that day. ISO dates compare as texts, and 'infinity' is after them all. */
function partOf(row: TallyRow, day: string, past: readonly Past[]): number {
  if (row.expiresOn !== day) return row.expiresOn < day ? row.keys : 0;
  return past.find(({ environment, state }) => environment === row.environment && state === row.state)?.keys ?? 0;
}
