import { type Database, PLATFORM } from "../../db/index.ts";
import { Exports, type ExportsPorts } from "../../kernel/exports.ts";
import { csvLine } from "./csv.ts";
import { type ShownMetering, type ShownPeriod, showMetering } from "./list-metering.ts";
import { type MeteredFilter, placeOf, selectMetered } from "./queries.ts";

const COLUMNS = [
  ...["period", "state", "account", "accountExternalId", "key", "plan", "environment", "accepted", "refused", "cost"],
  ...["carriedAccepted", "carriedRefused", "carriedCost", "carriedFrom", "billableRequests", "billableCost"],
];
/** Each page is one short transaction, made when the one before has been taken. */
const ROWS_AT_ONCE = 1_000;

export interface ExportPorts extends ExportsPorts {
  readonly database: Database;
}

/** What an export is of. */
export interface ExportOf {
  readonly period: ShownPeriod;
  /** Null: no rows. */
  readonly filter: MeteredFilter | null;
  /** For the log. */
  readonly requestId: string | null;
}

/** Exports of metering of one node: all rows as CSV, in bounded memory. A closed month is the same whenever it is asked for. */
export class MeteringExports {
  readonly #ports: ExportPorts;
  readonly #exports: Exports;

  constructor(ports: ExportPorts) {
    this.#ports = ports;
    this.#exports = new Exports(ports);
  }

  /** Throws UNAVAILABLE where as many as may be are under way. */
  start({ period, filter, requestId }: ExportOf): ReadableStream<Uint8Array> {
    const name = { operation: "metering.export", what: "an export of metering", requestId };
    return this.#exports.start(this.#pages(period, filter), name);
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
