import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { type Authority, requireKey } from "../keys/index.ts";
import { aboutSchedule, auditedSchedule, type Schedule } from "./schedule.ts";
import { findSchedule, removeSchedule } from "./schedules.store.ts";

/** A rotation that is under way goes on. Throws NOT_FOUND. */
export function deleteSchedule(
  act: Act,
  acting: Acting<Schedule>,
  authority: Authority,
  id: string,
): Promise<Done<Schedule>> {
  return act(acting, PLATFORM, async (unit) => {
    await requireKey(unit.tx, id, authority);
    const schedule = await findSchedule(unit.tx, id, true);
    if (schedule === null) throw new ClavigerError("NOT_FOUND");
    await removeSchedule(unit.tx, id);
    unit.audits({ action: "schedule.deleted", ...aboutSchedule(schedule), before: auditedSchedule(schedule) });
    return schedule;
  });
}
