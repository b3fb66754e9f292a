import { type KeyUse, type StrangerCount, USE_LIMITS, type UseCell } from "@claviger/core";
import type { Database } from "../db/index.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/log.ts";
import type { Random } from "../kernel/random.ts";
import { createCountries, postgresEvents, UsageWriter } from "../modules/traffic/index.ts";
import { detailsOf } from "./day-cells.ts";
import type { Draw } from "./draw.ts";

export interface WriteDaysPorts {
  readonly database: Database;
  readonly random: Random;
  readonly logger: Logger;
}

/** What happened on a day. */
export interface WrittenDay {
  /** The last moment of it, in milliseconds since the epoch. */
  readonly at: number;
  readonly rows: readonly KeyUse[];
  readonly cells: readonly UseCell[];
  /** Single verifications of each cell, at most; the rest of them is told by sums alone. */
  readonly details: number;
}

const THE_DEMO = { credential: "demo", environment: null };

/**
 * Returns a function that records a day through the writer that records what verifiers send, as if the day had just ended. It
 * rejects with TypeError where the database does not take it.
 */
export function createDayWriter({ random, logger, ...ports }: WriteDaysPorts, draw: Draw) {
  const time = { now: 0 };
  const clock: Clock = { wall: () => time.now, mono: () => time.now };
  const countries = createCountries(logger);
  const nothing = (): void => undefined;
  const metrics = { written: nothing, refused: nothing, leftOut: nothing, lost: nothing };
  const writer = (database: Database): UsageWriter =>
    new UsageWriter({ database, clock, random, logger, countries, metrics, events: postgresEvents });
  const usual = writer(ports.database);
  return async ({ at, rows, cells, details }: WrittenDay, database: Database | null = null): Promise<void> => {
    time.now = at;
    const to = database === null ? usual : writer(database);
    let open = 0;
    const strangers = strangersOf(draw);
    for (const batch of batchesOf(rows, cells)) {
      const told = detailsOf(draw, batch.cells, details);
      const requests = batch.cells.reduce((sum, cell) => sum + cell.requests, 0);
      const uses = {
        cells: batch.cells,
        details: told,
        sampledOut: requests - told.length,
        strangers: strangers.splice(0),
      };
      open += 1;
      const taken = to.add(THE_DEMO, { batch: null, rows: batch.rows, uses }, () => {
        open -= 1;
      });
      if (!taken) throw new TypeError("the writer of uses takes no more");
      await to.settle();
    }
    if (open > 0) throw new TypeError("uses of the demo could not be written");
  };
}

/** As verifiers would send them: no more cells in one than a batch has room for. */
function batchesOf(rows: readonly KeyUse[], cells: readonly UseCell[]) {
  const count = Math.max(1, Math.ceil(cells.length / USE_LIMITS.cells));
  return Array.from({ length: count }, (_, index) => ({
    rows: index === 0 ? rows : [],
    cells: cells.slice(index * USE_LIMITS.cells, (index + 1) * USE_LIMITS.cells),
  }));
}

/** What presented no genuine key on a day: somebody tries, from ranges that are kept for documentation, and somebody has copied half a key. */
function strangersOf(draw: Draw): StrangerCount[] {
  const address = (): string =>
    draw.chance(0.4)
      ? `${draw.pick(["192.0.2", "198.51.100", "203.0.113"])}.${draw.whole(1, 254)}`
      : `2001:db8:${draw.whole(1, 40).toString(16)}::1`;
  return Array.from({ length: draw.whole(2, 6) }, () => ({
    ip: address(),
    code: draw.chance(0.7) ? ("NOT_FOUND" as const) : ("MALFORMED" as const),
    count: draw.whole(1, 90),
  }));
}
