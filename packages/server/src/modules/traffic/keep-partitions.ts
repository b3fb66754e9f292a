import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import type { EventStore } from "./event-store.ts";
import { dropPartition, makePartitions } from "./queries/partitions.ts";

export interface KeptUsage {
  /** UTC days for which raw events are kept. */
  readonly usageEventDays: number;
  /** UTC days for which counts by hour and day are kept; whole months go. */
  readonly usageCountDays: number;
}

export interface KeepPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: EventStore;
}

/** Makes room for today, tomorrow and the next month, and drops what is older than it is to be kept. pg errors pass through. */
export async function keepPartitions({ database, clock, logger, events }: KeepPorts, kept: KeptUsage): Promise<void> {
  const today = dayOf(clock.wall());
  const nextMonth = new Date(today);
  nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1, 1);
  await makePartitions(database, [today, today + DAY_MS, nextMonth.getTime()]);
  const countsBefore = today - kept.usageCountDays * DAY_MS;
  await dropAll(logger, () => events.drop(database, today - kept.usageEventDays * DAY_MS));
  await dropAll(logger, () => dropPartition(database, { eventsBefore: 0, countsBefore }));
}

async function dropAll(logger: Logger, drop: () => Promise<string | null>): Promise<void> {
  for (let partition = await drop(); partition !== null; partition = await drop()) {
    logger.info({ partition }, "usage that is older than it is to be kept was dropped");
  }
}
