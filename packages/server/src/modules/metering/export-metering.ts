import { ClavigerError, type Timers } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { csvLine } from "./csv.ts";
import { type ShownMetering, type ShownPeriod, showMetering } from "./list-metering.ts";
import { type MeteredFilter, placeOf, selectMetered } from "./queries.ts";

const COLUMNS = [
  ...["period", "state", "account", "accountExternalId", "key", "plan", "environment", "accepted", "refused", "cost"],
  ...["carriedAccepted", "carriedRefused", "carriedCost", "carriedFrom", "billableRequests", "billableCost"],
];
/** Each page is one short transaction, made when the one before has been taken. */
const ROWS_AT_ONCE = 1_000;
const MOST_AT_ONCE = 4;
/** An export that nobody reads for so long, in milliseconds, is given up. */
const UNREAD_MS = 60_000;

export interface ExportPorts {
  readonly database: Database;
  readonly logger: Logger;
  readonly timers: Timers;
}

/** What an export is of. */
export interface ExportOf {
  readonly period: ShownPeriod;
  /** Null: no rows. */
  readonly filter: MeteredFilter | null;
  /** For the log. */
  readonly requestId: string | null;
}

/**
 * Exports of one node: all rows as CSV, in bounded memory. A closed month is the same whenever it is asked for. At most four are under
 * way at once; one that is not read for a minute, or whose rows cannot be read, breaks off.
 */
export class MeteringExports {
  readonly #ports: ExportPorts;
  #underWay = 0;

  constructor(ports: ExportPorts) {
    this.#ports = ports;
  }

  /** Throws UNAVAILABLE where as many as may be are under way. */
  start({ period, filter, requestId }: ExportOf): ReadableStream<Uint8Array> {
    if (this.#underWay >= MOST_AT_ONCE) {
      throw new ClavigerError("UNAVAILABLE", { publicDetail: "Four exports are under way already; try again later." });
    }
    this.#underWay += 1;
    const { logger, timers } = this.#ports;
    const pages = this.#pages(period, filter);
    let stopWaiting: (() => void) | null = null;
    let ended = false;
    const end = () => {
      stopWaiting?.();
      if (!ended) this.#underWay -= 1;
      ended = true;
    };
    const breakOff = (controller: ReadableStreamDefaultController, error: unknown, message: string) => {
      if (ended) return;
      end();
      logger.warn({ error, operation: "metering.export", requestId }, message);
      controller.error(error);
    };
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          stopWaiting?.();
          try {
            const { value, done } = await pages.next();
            if (ended) return;
            if (done === true) {
              end();
              return controller.close();
            }
            controller.enqueue(value);
            stopWaiting = timers.after(UNREAD_MS, () =>
              breakOff(controller, new Error("nobody reads"), "an export of metering was not read and is given up"),
            );
          } catch (error) {
            breakOff(controller, error, "an export of metering broke off");
          }
        },
        cancel: end,
      },
      { highWaterMark: 1 },
    );
  }

  async *#pages({ period, closedAt }: ShownPeriod, filter: MeteredFilter | null): AsyncGenerator<Uint8Array, void> {
    const encoder = new TextEncoder();
    const state = closedAt === null ? "open" : "closed";
    yield encoder.encode(csvLine(COLUMNS));
    if (filter === null) return;
    for (let after: readonly string[] | null = null; ; ) {
      const rows: readonly ShownMetering[] = await this.#ports.database.transaction(PLATFORM, async (tx) => {
        const found = await selectMetered(tx, filter, after, ROWS_AT_ONCE);
        return showMetering(tx, period, found);
      });
      const last = rows.at(-1);
      if (last !== undefined) {
        after = placeOf(last, filter.by);
        yield encoder.encode(rows.map((row) => lineOf(row, state)).join(""));
      }
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }
}

function lineOf(row: ShownMetering, state: "open" | "closed"): string {
  const { period, account, accountExternalId, key, plan, environment, accepted, refused, cost } = row;
  const carried = [row.carriedAccepted, row.carriedRefused, row.carriedCost, row.carriedFrom.join(" ")];
  const own = [period, state, account, accountExternalId, key, plan, environment, accepted, refused, cost];
  return csvLine([...own, ...carried, row.billableRequests, row.billableCost]);
}
