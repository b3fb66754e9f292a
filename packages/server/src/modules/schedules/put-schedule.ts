import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { type Authority, type DeliveryWanted, requireKey } from "../keys/index.ts";
import { demandStore } from "../stores/index.ts";
import { aboutSchedule, auditedSchedule, type Schedule } from "./schedule.ts";
import { findSchedule, writeSchedule } from "./schedules.store.ts";

export interface PutScheduleInput {
  readonly everyDays: number | null;
  readonly overlapHours: number;
  readonly deliverTo: DeliveryWanted;
}

export interface PutSchedule {
  readonly schedule: Schedule;
  readonly created: boolean;
}

/**
 * Has a key rotated by itself; what was held up is tried again at once. Throws NOT_FOUND, VALIDATION_FAILED for a store that there is not,
 * STATE_CONFLICT for a revoked key and for a management key, whose new secret would be for those alone who hold as much.
 */
export function putSchedule(
  act: Act,
  acting: Acting<PutSchedule>,
  authority: Authority,
  id: string,
  { everyDays, overlapHours, deliverTo }: PutScheduleInput,
): Promise<Done<PutSchedule>> {
  return act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority);
    if (key.kind === "management")
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "Management keys are rotated by hand." });
    if (key.state === "revoked")
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The key is revoked, which is final." });
    const { store, path } = "offer" in deliverTo ? { store: null, path: null } : deliverTo;
    if (store !== null) await demandStore(unit.tx, store);
    const existing = await findSchedule(unit.tx, id, true);
    const schedule: Schedule = {
      ...{ key: id, account: key.account, everyDays, overlapHours, store, path, nextAt: unit.now },
      ...{ heldSince: null, heldBecause: null, heldDetail: null },
      ...{ createdAt: existing?.createdAt ?? unit.now, updatedAt: unit.now },
    };
    await writeSchedule(unit.tx, schedule);
    const after = auditedSchedule(schedule);
    if (existing === null) unit.audits({ action: "schedule.created", ...aboutSchedule(schedule), after });
    else {
      const difference = changed(auditedSchedule(existing), after) ?? { before: {}, after: {} };
      unit.audits({ action: "schedule.updated", ...aboutSchedule(schedule), ...difference });
    }
    return { schedule, created: existing === null };
  });
}
