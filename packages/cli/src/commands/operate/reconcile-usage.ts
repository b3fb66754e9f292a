import { reconcileUsage } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import type { Io } from "../../io.ts";
import { operate } from "./operate.ts";

export interface ReconcileFlags {
  /** UTC days, `2027-01-31`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly json: boolean;
}

/** What each record was compared with. */
const AGAINST = {
  ...{ events: "by hour", days: "by hour", totals: "by hour" },
  ...{ metering: "by day", periods: "when it closed" },
} as const;

/** Compares counts of uses with each other and with single verifications; ends with a failure where they do not agree. */
export async function runReconcileUsage(io: Io, { from, to, json }: ReconcileFlags): Promise<ExitCode> {
  const days = { from: dayOf(from), to: dayOf(to) };
  for (const [flag, value] of Object.entries(days)) {
    if (value === null) {
      io.err(`--${flag} must be a day such as 2027-01-31`);
      return EXIT.usage;
    }
  }
  const found = await operate(io, (options) =>
    reconcileUsage({ ...options, from: days.from ?? undefined, to: days.to ?? undefined }),
  );
  if (json) io.out(JSON.stringify(found));
  else {
    const metered = `metering of ${found.months} ${found.months === 1 ? "month" : "months"}`;
    const compared = `${found.requests} verifications of ${found.days} days, ${found.daysWithEvents} of them with single ones; ${metered}`;
    io.out(found.ok ? `ok: ${compared}` : `${found.differences.length} differences among ${compared}`);
    for (const difference of found.differences) io.out(lineOf(difference));
  }
  return found.ok ? EXIT.ok : EXIT.failed;
}

type Difference = Awaited<ReturnType<typeof reconcileUsage>>["differences"][number];

function lineOf({ between, at, of, code, requests, hourRequests, cost, hourCost }: Difference): string {
  const against = AGAINST[between];
  const costs = cost === hourCost ? "" : `; cost ${cost}, ${against} ${hourCost}`;
  return `${between}  ${at.toISOString()}  ${of}  ${code}  ${requests}, ${against} ${hourRequests}${costs}`;
}

/** The beginning of a UTC day in milliseconds since the epoch; undefined where none is given, null where it is none. */
function dayOf(text: string | undefined): number | undefined | null {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
