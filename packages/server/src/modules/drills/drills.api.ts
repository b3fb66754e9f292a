import { drillOperations, pick } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import type { Drill } from "./drill.ts";
import { findDrill, selectDrills } from "./drills.store.ts";
import type { DrillPorts } from "./ports.ts";
import { startDrill } from "./start-drill.ts";
import { standingOf } from "./watch-drills.ts";

const BY_ID = { ...{ sort: "-id", kinds: ["string"] as const }, valuesOf: ({ id }: Drill) => [id] };

const showDrill = ({ id, environment, status, startedBy, startedAt, finishedAt, key, steps }: Drill) => ({
  ...{ id, environment, status, startedBy, startedAt: startedAt.toISOString() },
  ...{ finishedAt: finishedAt?.toISOString() ?? null, key, steps },
});

export function drillsRoutes(ports: DrillPorts): Route[] {
  const { database, clock } = ports;
  return [
    route(pick(drillOperations, "drills.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const page = await pageOf<Drill>(call.query, BY_ID, (after, count) =>
          selectDrills(tx, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { data: page.data.map(showDrill), nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(drillOperations, "drills.standing"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        void call;
        const { everyDays, lastStartedAt, lastPassedAt, overdue } = await standingOf(tx, ports.everyDays, clock.wall());
        return {
          status: 200,
          body: {
            ...{ everyDays, overdue, lastStartedAt: lastStartedAt?.toISOString() ?? null },
            lastPassedAt: lastPassedAt?.toISOString() ?? null,
          },
        };
      }),
    ),
    route(pick(drillOperations, "drills.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const drill = await findDrill(tx, call.params.id);
        if (drill === null) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: showDrill(drill) };
      }),
    ),
    route(pick(drillOperations, "drills.start"), async (call) => {
      const { actor, source } = actingOf<void>(call, async () => undefined);
      return {
        status: 200,
        body: showDrill(await startDrill(ports, { actor, source }, call.body?.environment ?? null)),
      };
    }),
  ];
}
