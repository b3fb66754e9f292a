import { meteringOperations, pick } from "@claviger/contract";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { pageOf } from "../../kernel/page.ts";
import { type Route, route } from "../../kernel/route.ts";
import { exportMetering } from "./export-metering.ts";
import { filterOf, listPeriods, requirePeriod, type ShownPeriod, showMetering } from "./list-metering.ts";
import { type MeteredSums, placeOf, selectMetered } from "./queries.ts";

export interface MeteringRoutePorts {
  readonly database: Database;
  readonly clock: Clock;
  /** Hours after its end at which a month closes. */
  readonly closeHours: number;
}

export function meteringRoutes({ database, clock, closeHours }: MeteringRoutePorts): Route[] {
  return [
    route(pick(meteringOperations, "metering.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { period: name, ...asked } = call.query;
        const period = await requirePeriod(tx, name, clock.wall(), closeHours);
        const filter = await filterOf(tx, period.period, asked);
        const kinds = { key: ["string", "string", "string"], account: ["string"], plan: ["string"] } as const;
        const order = {
          ...{ sort: `${period.period} by ${asked.by}`, kinds: kinds[asked.by] },
          valuesOf: (row: MeteredSums) => placeOf(row, asked.by),
        };
        const page = await pageOf<MeteredSums>(call.query, order, async (after, count) =>
          filter === null ? [] : selectMetered(tx, filter, after?.map(String) ?? null, count),
        );
        const data = await showMetering(tx, period.period, page.data);
        return { status: 200, body: { data, nextCursor: page.nextCursor, period: shown(period) } };
      }),
    ),
    route(pick(meteringOperations, "metering.periods"), () =>
      database.transaction(PLATFORM, async (tx) => {
        const periods = await listPeriods(tx, clock.wall(), closeHours);
        return { status: 200, body: { data: periods.toReversed().map(shown), nextCursor: null } };
      }),
    ),
    route(pick(meteringOperations, "metering.export"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { period: name, ...asked } = call.query;
        const period = await requirePeriod(tx, name, clock.wall(), closeHours);
        const filter = await filterOf(tx, period.period, asked);
        const file = `metering-${period.period}.csv`;
        return {
          ...{ status: 200, contentType: "text/csv; charset=utf-8", stream: exportMetering(database, period, filter) },
          headers: { "Content-Disposition": `attachment; filename="${file}"` },
        };
      }),
    ),
  ];
}

function shown({ period, from, to, closesAt, closedAt, sums }: ShownPeriod) {
  const times = { from: from.toISOString(), to: to.toISOString() };
  return {
    ...{ period, ...times, state: closedAt === null ? "open" : "closed", closesAt: closesAt.toISOString() },
    closedAt: closedAt?.toISOString() ?? null,
    ...{ accepted: sums?.accepted ?? null, refused: sums?.refused ?? null, cost: sums?.cost ?? null },
  };
}
