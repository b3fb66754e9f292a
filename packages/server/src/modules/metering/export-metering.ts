import { type Database, PLATFORM } from "../../db/index.ts";
import { csvLine } from "./csv.ts";
import { type ShownMetering, type ShownPeriod, showMetering } from "./list-metering.ts";
import { type MeteredFilter, placeOf, selectMetered } from "./queries.ts";

const COLUMNS = [
  ...["period", "state", "account", "accountExternalId", "key", "plan", "environment", "accepted", "refused", "cost"],
  ...["carriedAccepted", "carriedRefused", "carriedCost", "carriedFrom", "billableRequests", "billableCost"],
];
/** Each page is one short transaction, made when the one before has been taken. */
const ROWS_AT_ONCE = 1_000;

/** All rows as CSV, in bounded memory; `filter` null: none. A closed month is the same whenever it is asked for. */
export function exportMetering(
  database: Database,
  { period, closedAt }: ShownPeriod,
  filter: MeteredFilter | null,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const state = closedAt === null ? "open" : "closed";
  let after: readonly string[] | null = null;
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        if (!begun) {
          begun = true;
          controller.enqueue(encoder.encode(csvLine(COLUMNS)));
          if (filter === null) controller.close();
          return;
        }
        if (filter === null) return;
        const rows = await database.transaction(PLATFORM, async (tx) => {
          const found = await selectMetered(tx, filter, after, ROWS_AT_ONCE);
          return showMetering(tx, period, found);
        });
        const last = rows.at(-1);
        if (last !== undefined) {
          after = placeOf(last, filter.by);
          controller.enqueue(encoder.encode(rows.map((row) => lineOf(row, state)).join("")));
        }
        if (rows.length < ROWS_AT_ONCE) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

function lineOf(row: ShownMetering, state: "open" | "closed"): string {
  const { period, account, accountExternalId, key, plan, environment, accepted, refused, cost } = row;
  const carried = [row.carriedAccepted, row.carriedRefused, row.carriedCost, row.carriedFrom.join(" ")];
  const own = [period, state, account, accountExternalId, key, plan, environment, accepted, refused, cost];
  return csvLine([...own, ...carried, row.billableRequests, row.billableCost]);
}
