import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
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
}

/** Makes room for today, tomorrow and the next month, and drops what is older than it is to be kept. pg errors pass through. */
export async function keepPartitions({ database, clock, logger }: KeepPorts, kept: KeptUsage): Promise<void> {
  const today = dayOf(clock.wall());
  const nextMonth = new Date(today);
  nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1, 1);
  await makePartitions(database, [today, today + DAY_MS, nextMonth.getTime()]);
  for (;;) {
    const dropped = await dropPartition(
      database,
      today - kept.usageEventDays * DAY_MS,
      today - kept.usageCountDays * DAY_MS,
    );
    if (dropped === null) return;
    logger.info({ partition: dropped }, "usage that is older than it is to be kept was dropped");
  }
}
