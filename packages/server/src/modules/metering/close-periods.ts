import { type Database, isUnavailable, PLATFORM } from "../../db/index.ts";
import { type Act, SYSTEM_SOURCE } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { insertClosed, selectClosed, sumPeriod, updateSums } from "./metering.store.ts";
import { endOf, HOUR_MS, nextPeriod, type Period, type PeriodSums } from "./period.ts";

export interface ClosePorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hours after its end at which a month closes, at least 48. */
  readonly closeHours: number;
}

/**
 * Nobody who writes uses waits longer than that for a closing that waits itself, in milliseconds. A little more than a writer that is
 * frozen can hold the lock, so that one which freezes again and again does not put off the closing for ever.
 */
const LOCK_WAIT_MS = 6_000;
const SUMS_MS = 55_000;
/** More than a node that was down ever has to close at once. */
const MOST_AT_ONCE = 120;
const ACTING = { actor: { type: "system", id: "metering" }, source: SYSTEM_SOURCE } as const;

/**
 * Closes every month whose time has come, oldest first, and tells its sums. To be called by every node every so often: a month is
 * closed once, by one of them. What was cut off in between is gone on with. pg errors pass through.
 */
export async function closePeriods(ports: ClosePorts): Promise<void> {
  const { database, clock, closeHours } = ports;
  for (let round = 0; round < MOST_AT_ONCE; round += 1) {
    const { began, closed } = await database.transaction(PLATFORM, selectClosed);
    for (const { period, sums } of closed) if (sums === null) await tellSums(ports, period);
    const due = nextPeriod(closed.at(-1)?.period ?? began);
    if (clock.wall() < endOf(due) + closeHours * HOUR_MS) return;
    if (!(await freeze(ports, due))) return;
  }
}

/** False where it is to be tried later: uses are being written, or by the database's clock it is too early. */
async function freeze({ database, logger, closeHours }: ClosePorts, period: Period): Promise<boolean> {
  try {
    const outcome = await database.transaction(PLATFORM, (tx) => insertClosed(tx, period, closeHours, LOCK_WAIT_MS));
    if (outcome === "closed") logger.info({ period }, "a month of metering is closed");
    if (outcome === "early")
      logger.warn({ period }, "this node's clock is ahead of the database's: no month is closed");
    return outcome !== "early";
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    logger.warn({ error, period }, "a month of metering cannot be closed yet; it is tried again");
    return false;
  }
}

/** Beside everything else: what is closed does not change, so its sums may take their time. */
async function tellSums({ act, database }: ClosePorts, period: Period): Promise<void> {
  const options = { statementTimeoutMs: SUMS_MS };
  const sums = await database.transaction(PLATFORM, (tx) => sumPeriod(tx, period), options);
  await act(ACTING, PLATFORM, async (unit) => {
    if (!(await updateSums(unit.tx, period, sums))) return unit.foundDone();
    unit.audits({ action: "metering.closed", ...closedPeriod(period, sums) });
    unit.emits({ type: "metering.closed", account: null, payload: { period, ...sums } });
  });
}

function closedPeriod(period: Period, sums: PeriodSums) {
  return { account: null, target: { type: "period", id: period }, after: sums };
}
