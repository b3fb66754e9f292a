import type { Unit } from "../../kernel/act.ts";
import { cancelUnused, type RotationPorts } from "../rotation/index.ts";
import type { HandOver } from "../stores/index.ts";
import { aboutSchedule, DAY_MS, type HeldBecause, type Schedule } from "./schedule.ts";
import { findSchedule, putOffSchedule } from "./schedules.store.ts";

/** Tries again a day later, and tells of it once until it has succeeded. The schedule is held by the caller. */
export async function holdSchedule(
  unit: Unit,
  schedule: Schedule,
  because: HeldBecause,
  detail: string | null,
): Promise<void> {
  const nextAt = new Date(unit.now.getTime() + DAY_MS);
  await putOffSchedule(unit.tx, schedule.key, nextAt, { since: schedule.heldSince ?? unit.now, because, detail });
  unit.audits({
    ...{ action: "schedule.held", ...aboutSchedule(schedule) },
    after: { because, detail, nextAt: nextAt.toISOString() },
  });
  if (schedule.heldSince !== null) return;
  unit.emits({ type: "schedule.held", account: schedule.account, payload: { key: schedule.key, because, detail } });
}

/**
 * What becomes of a scheduled rotation whose secret has not arrived, in the act that gives it up: its version ends unless somebody uses it
 * already, so that the one before goes on as if nothing had been.
 */
export function givingUp(rotation: RotationPorts): (unit: Unit, handOver: HandOver) => Promise<void> {
  const actor = { type: "system", id: "schedules" } as const;
  return async (unit, handOver) => {
    const schedule = await findSchedule(unit.tx, handOver.key, true);
    await cancelUnused(rotation, unit, actor, handOver);
    if (schedule !== null) await holdSchedule(unit, schedule, handOver.store === null ? "unclaimed" : "store", null);
  };
}
