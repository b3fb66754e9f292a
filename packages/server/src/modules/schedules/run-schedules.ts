import { ClavigerError } from "@claviger/core";
import { isHeldUp, isUnavailable, PLATFORM, type Tx } from "../../db/index.ts";
import { SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import { type Authority, findKey, type PreparedSealing, readPolicyOf, versionsOf } from "../keys/index.ts";
import { hasOpenRotation, rotateWithin } from "../rotation/index.ts";
import { isHandedOver, makeHandOver } from "../stores/index.ts";
import { holdSchedule } from "./hold-schedule.ts";
import type { SchedulePorts } from "./ports.ts";
import { aboutSchedule, auditedSchedule, type Schedule, type SeenKey, stepSchedule } from "./schedule.ts";
import { findSchedule, putOffSchedule, removeSchedule, selectDueSchedules } from "./schedules.store.ts";

const AT_ONCE = 100;
const ACTING = { actor: { type: "system", id: "schedules" }, source: SYSTEM_SOURCE } as const;
/** As much as rotating a customer's key needs, and no more. */
const AUTHORITY: Authority = { keyId: "schedules", scopes: new Set(), expiresAt: null };

/**
 * What every node does every so often: rotates the keys that are due. Each is looked at under a lock on its schedule, so of several nodes one
 * rotates it; the new version and its sealed secret are one transaction. pg errors pass through.
 */
export async function runSchedules(ports: SchedulePorts): Promise<void> {
  const { database, clock, logger } = ports;
  const now = new Date(clock.wall());
  for (const key of await database.transaction(PLATFORM, (tx) => selectDueSchedules(tx, now, AT_ONCE))) {
    try {
      await run(ports, key);
    } catch (error) {
      if (isUnavailable(error) && !isHeldUp(error)) throw error;
      if (error instanceof ClavigerError && error.code === "KEK_UNAVAILABLE") {
        logger.warn({ error }, "scheduled rotations wait for whoever keeps the key-encryption key");
        return;
      }
      if (error instanceof ClavigerError) await noteRefusal(ports, key, error);
      else logger.error({ error }, `the scheduled rotation of ${key} failed and will be tried again`);
    }
  }
}

async function run({ rotation, database, clock }: SchedulePorts, key: string): Promise<void> {
  const expected = await database.transaction(PLATFORM, async (tx) => {
    const schedule = await findSchedule(tx, key);
    return schedule !== null && (await look(tx, schedule, clock.wall())).seen;
  });
  const due = expected !== false && stepSchedule(expected, clock.wall()).do === "rotate";
  // Whoever keeps the key-encryption key is asked before anything is held.
  const seal = due ? ((await rotation.keys.sealer?.forKey(key)) ?? null) : null;
  await rotation.keys.act(ACTING, PLATFORM, async (unit) => {
    const schedule = await findSchedule(unit.tx, key, true);
    const now = unit.now.getTime();
    if (schedule === null || isPutOff(schedule, now)) return unit.foundDone();
    const { seen, arriving } = await look(unit.tx, schedule, now);
    const step = stepSchedule(seen, now);
    switch (step.do) {
      case "remove":
        await removeSchedule(unit.tx, key);
        unit.audits({ action: "schedule.deleted", ...aboutSchedule(schedule), before: auditedSchedule(schedule) });
        return;
      case "wait":
        // What was held up has succeeded once its secret is no longer on its way.
        await putOffSchedule(unit.tx, key, new Date(step.until), arriving ? undefined : null);
        return unit.foundDone();
      case "rotate":
        // Due since a moment: it is tried again at once, prepared.
        if (!due) return unit.foundDone();
        return rotate(rotation, unit, schedule, seal);
    }
  });
}

/** Another node was quicker. */
const isPutOff = ({ nextAt }: Schedule, now: number): boolean =>
  nextAt.getTime() > now && nextAt.getTime() <= now + 2 * 86_400_000;

async function look(tx: Tx, schedule: Schedule, now: number): Promise<{ seen: SeenKey; arriving: boolean }> {
  const key = await findKey(tx, schedule.key);
  if (key === null)
    return { seen: { revoked: true, expired: false, issuedAt: 0, days: null, underWay: false }, arriving: false };
  const version = (await versionsOf(tx, [key.id])).find(({ version }) => version === key.version);
  const days = schedule.everyDays ?? (await readPolicyOf(tx, key)).policy.rotationDays.value;
  const arriving = await isHandedOver(tx, key.id);
  const underWay = arriving || (await hasOpenRotation(tx, key.id));
  const issuedAt = (version?.createdAt ?? key.createdAt).getTime();
  const expired = key.expiresAt !== null && key.expiresAt.getTime() <= now;
  return { seen: { revoked: key.state === "revoked", expired, issuedAt, days, underWay }, arriving };
}

async function rotate(
  rotation: SchedulePorts["rotation"],
  unit: Unit,
  schedule: Schedule,
  seal: PreparedSealing | null,
): Promise<void> {
  const { key, overlapHours, store, path } = schedule;
  const act = { authority: AUTHORITY, key, match: null };
  const rotated = await rotateWithin(rotation, unit, ACTING, act, { overlapHours, graceStarts: "first-use" }, seal);
  const wanted = store === null || path === null ? ({ offer: true } as const) : { store, path };
  const issued = { key: rotated.key, version: rotated.rotation.to, secret: rotated.secret };
  await makeHandOver(rotation.keys, unit, ACTING.actor, issued, wanted, true);
  await putOffSchedule(unit.tx, key, new Date(unit.now.getTime() + 3_600_000));
}

/** The rotation was refused as it would be to anybody, and nothing of it was kept. */
async function noteRefusal({ rotation }: SchedulePorts, key: string, error: ClavigerError): Promise<void> {
  await rotation.keys.act(ACTING, PLATFORM, async (unit) => {
    const schedule = await findSchedule(unit.tx, key, true);
    if (schedule === null || isPutOff(schedule, unit.now.getTime())) return unit.foundDone();
    await holdSchedule(unit, schedule, "refused", error.code);
  });
}
