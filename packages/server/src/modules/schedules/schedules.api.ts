import { pick, scheduleOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import { requireKey } from "../keys/index.ts";
import { deleteSchedule } from "./delete-schedule.ts";
import type { SchedulePorts } from "./ports.ts";
import { type PutSchedule, putSchedule } from "./put-schedule.ts";
import { type Schedule, shapeSchedule } from "./schedule.ts";
import { findSchedule, selectSchedules } from "./schedules.store.ts";

export function schedulesRoutes({ rotation, database }: Pick<SchedulePorts, "rotation" | "database">): Route[] {
  const { act } = rotation.keys;
  return [
    route(pick(scheduleOperations, "schedules.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { account: reference, held } = call.query;
        const account = reference === undefined ? null : await findAccount(tx, reference);
        if (reference !== undefined && account === null) throw new ClavigerError("NOT_FOUND");
        const filter = { account: account?.id ?? null, held: held === undefined ? null : held === "true" };
        const order = { sort: "key", kinds: ["string"], valuesOf: ({ key }: Schedule) => [key] } as const;
        const page = await pageOf<Schedule>(call.query, order, (after, count) =>
          selectSchedules(tx, filter, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { ...page, data: page.data.map(shapeSchedule) } };
      }),
    ),
    route(pick(scheduleOperations, "schedules.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        await requireKey(tx, call.params.id, call.principal);
        const schedule = await findSchedule(tx, call.params.id);
        if (schedule === null) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: shapeSchedule(schedule) };
      }),
    ),
    route(pick(scheduleOperations, "schedules.put"), async (call) => {
      const acting = actingOf<PutSchedule>(call, async ({ schedule }) => shapeSchedule(schedule));
      const done = await putSchedule(act, acting, call.principal, call.params.id, call.body);
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(scheduleOperations, "schedules.delete"), async (call) => {
      const acting = actingOf<Schedule>(call, async (schedule) => shapeSchedule(schedule));
      return { status: 200, body: (await deleteSchedule(act, acting, call.principal, call.params.id)).body };
    }),
  ];
}
