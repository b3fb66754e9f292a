import type { UseCell } from "@claviger/core";
import { type CellKey, type CellsPort, cellsOf, type DayUse } from "./day-cells.ts";
import type { Day } from "./day-traffic.ts";
import { DAY_MS } from "./plan.ts";

/** For so long counts are told day by day; what is older about once a week for each key, each on a day of its own. */
const DAILY_FOR_MS = 92 * DAY_MS;
const DAYS_TOGETHER = 7;

/** Uses of long ago on their way into counts, of which charts of months and a quarter are made: fewer cells than there are days. */
export class PastCells {
  readonly #waiting = new Map<number, DayUse>();

  /** What is to be counted on that day of the key with that number; `use` is null where it was not used. `number`: of the day since 1970. */
  on(
    day: Day,
    number: number,
    index: number,
    use: DayUse | null,
    of: CellKey,
    port: Omit<CellsPort, "slotMs">,
  ): UseCell[] {
    const waiting = this.#waiting.get(index) ?? null;
    const together = waiting === null || use === null ? (waiting ?? use) : merged(waiting, use);
    if (together === null) return [];
    const isDue = day.to > -DAILY_FOR_MS || (number + index) % DAYS_TOGETHER === 0;
    if (!isDue) {
      this.#waiting.set(index, together);
      return [];
    }
    this.#waiting.delete(index);
    return cellsOf({ ...port, slotMs: null }, of, together);
  }
}

/** `later` is of a later day. */
function merged(earlier: DayUse, later: DayUse): DayUse {
  return {
    accepted: earlier.accepted + later.accepted,
    refused: earlier.refused + later.refused,
    firstUsedAt: earlier.firstUsedAt ?? later.firstUsedAt,
    lastUsedAt: later.lastUsedAt ?? earlier.lastUsedAt,
    lastRefusedAt: later.lastRefusedAt ?? earlier.lastRefusedAt,
    lastRefusedCode: later.lastRefusedCode ?? earlier.lastRefusedCode,
  };
}
